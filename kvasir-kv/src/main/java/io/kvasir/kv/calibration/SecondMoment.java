package io.kvasir.kv.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** The sum of {@code x x^T} over rows x, in double, and the axes along which the rows lie. */
public final class SecondMoment {
  private final int dim;
  private final double[] sums; // [dim][dim], the lower triangle until it is asked for

  public SecondMoment(int dim) {
    this.dim = dim;
    this.sums = new double[dim * dim];
  }

  /** Adds the row {@code rows[at .. at+dim)}. */
  public void add(float[] rows, int at) {
    for (int i = 0; i < dim; i++) {
      double x = rows[at + i];
      for (int j = 0; j <= i; j++) {
        sums[i * dim + j] += x * rows[at + j];
      }
    }
  }

  /**
   * An eigenvector.
   *
   * @param value its eigenvalue: the sum of (x . vector)^2
   * @param vector of length 1, its largest component positive
   */
  @SuppressWarnings("ArrayRecordComponent") // handed out once, to its owner
  public record Axis(double value, double[] vector) {}

  /** All {@code dim} eigenvectors, the largest eigenvalue first. */
  public List<Axis> axes() {
    DMatrixRMaj matrix = new DMatrixRMaj(dim, dim);
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j <= i; j++) {
        matrix.set(i, j, sums[i * dim + j]);
        matrix.set(j, i, sums[i * dim + j]);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(dim, true, true);
    if (!eigen.decompose(matrix)) {
      throw new IllegalArgumentException(
          "a moment of %d dimensions has no axes: its rows hold NaN or infinity".formatted(dim));
    }
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < dim; i++) {
      axes.add(new Axis(eigen.getEigenvalue(i).getReal(), signed(eigen.getEigenVector(i).data)));
    }
    axes.sort(Comparator.comparingDouble(Axis::value).reversed());
    return axes;
  }

  /** A vector and its negative are the same axis; one of them is chosen. */
  private static double[] signed(double[] vector) {
    int largest = 0;
    for (int i = 1; i < vector.length; i++) {
      if (Math.abs(vector[i]) > Math.abs(vector[largest])) {
        largest = i;
      }
    }
    double sign = Math.signum(vector[largest]);
    double[] out = new double[vector.length];
    for (int i = 0; i < vector.length; i++) {
      out[i] = vector[i] * sign;
    }
    return out;
  }
}
