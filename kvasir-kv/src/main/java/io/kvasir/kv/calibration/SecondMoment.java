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
  private final double[] sum; // [dim], of the rows
  private long rows;

  public SecondMoment(int dim) {
    this.dim = dim;
    this.sums = new double[dim * dim];
    this.sum = new double[dim];
  }

  /** Adds the row {@code row[at .. at+dim)}. */
  public void add(float[] row, int at) {
    rows++;
    for (int i = 0; i < dim; i++) {
      double x = row[at + i];
      sum[i] += x;
      for (int j = 0; j <= i; j++) {
        sums[i * dim + j] += x * row[at + j];
      }
    }
  }

  /** The moment of {@code count} columns of the rows, from {@code first} on. */
  public SecondMoment part(int first, int count) {
    SecondMoment part = new SecondMoment(count);
    part.rows = rows;
    for (int i = 0; i < count; i++) {
      part.sum[i] = sum[first + i];
      System.arraycopy(sums, (first + i) * dim + first, part.sums, i * count, i + 1);
    }
    return part;
  }

  /**
   * An eigenvector.
   *
   * @param value its eigenvalue: the sum of (x . vector)^2
   * @param vector of length 1, its largest component positive
   */
  @SuppressWarnings("ArrayRecordComponent") // handed out once, to its owner
  public record Axis(double value, double[] vector) {}

  /** The mean of the rows, [dim]; at least one was added. */
  public float[] mean() {
    float[] mean = new float[dim];
    for (int i = 0; i < dim; i++) {
      mean[i] = (float) (sum[i] / rows);
    }
    return mean;
  }

  /**
   * The leading eigenvectors of the covariance: the axes along which rows differ from their mean.
   *
   * @return [count][dim]
   */
  public float[] centredAxes(int count) {
    List<Axis> axes = axes(true);
    float[] out = new float[count * dim];
    for (int k = 0; k < count; k++) {
      for (int i = 0; i < dim; i++) {
        out[k * dim + i] = (float) axes.get(k).vector()[i];
      }
    }
    return out;
  }

  /** All {@code dim} eigenvectors, the largest eigenvalue first. */
  public List<Axis> axes() {
    return axes(false);
  }

  private List<Axis> axes(boolean centred) {
    DMatrixRMaj matrix = new DMatrixRMaj(dim, dim);
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j <= i; j++) {
        double x = sums[i * dim + j] - (centred ? sum[i] * sum[j] / rows : 0);
        matrix.set(i, j, x);
        matrix.set(j, i, x);
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
