package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The softmax of many queries over one whole page, row by row the bits of {@link Floats#max} and
 * {@link Exp#softmax}. Separate loops, since a step between that looks at a row's maximum would
 * keep vectors in boxes.
 */
public final class PageSoftmax {
  private static final int SLOTS = PageLayout.SLOTS;

  /** Partial sums of a row, see {@link Floats}. */
  private static final int PARTIALS = 16;

  private static final int MAGNITUDE = 0x7fffffff;

  private PageSoftmax() {}

  /** Floats that {@link #exp} needs beside its rows. */
  public static int scratch(int rows) {
    return rows * PARTIALS;
  }

  /**
   * {@code max[i] = the largest of x[i]}; undefined where one is NaN.
   *
   * @param x [rows][64]
   */
  public static void max(float[] x, int rows, float[] max) {
    for (int i = 0; i < rows; i++) {
      IntVector most = IntVector.broadcast(Lanes.I, Integer.MIN_VALUE);
      for (int j = i * SLOTS; j < (i + 1) * SLOTS; j += Lanes.N) {
        IntVector bits = FloatVector.fromArray(Lanes.F, x, j).reinterpretAsInts();
        // of negative numbers the magnitude's bits are turned over: integers in the floats' order
        most =
            bits.lanewise(VectorOperators.ASHR, 31)
                .and(MAGNITUDE)
                .lanewise(VectorOperators.XOR, bits)
                .max(most);
      }
      int bits = most.reduceLanes(VectorOperators.MAX);
      max[i] = Float.intBitsToFloat(bits ^ (bits >> 31 & MAGNITUDE));
    }
  }

  /**
   * {@code x[i][j] = e^(x[i][j] - max[i])} and {@code sum[i] += sum_j x[i][j]}.
   *
   * @param x [rows][64]
   * @param max at least the largest of the row
   * @param scratch {@link #scratch} floats
   */
  public static void exp(float[] x, int rows, float[] max, float[] sum, float[] scratch) {
    for (int i = 0; i < rows; i++) {
      expRow(x, i * SLOTS, max[i], scratch, i * PARTIALS);
    }
    for (int i = 0; i < rows; i++) {
      sum[i] += Floats.sum(scratch, i * PARTIALS, PARTIALS);
    }
  }

  /** One row in place, and its partial sums; the operations are those of {@link ExpRef}. */
  private static void expRow(float[] x, int at, float max, float[] partials, int partialsAt) {
    FloatVector round = FloatVector.broadcast(Lanes.F, ExpRef.ROUND);
    for (int c = 0; c < PARTIALS; c += Lanes.N) {
      FloatVector sum = FloatVector.zero(Lanes.F);
      for (int j = at + c; j < at + SLOTS; j += PARTIALS) {
        FloatVector d = FloatVector.fromArray(Lanes.F, x, j).sub(max);
        FloatVector rounded = d.fma(FloatVector.broadcast(Lanes.F, ExpRef.LOG2E), round);
        IntVector n = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(ExpRef.ROUND));
        FloatVector whole = rounded.sub(round);
        FloatVector r = whole.fma(FloatVector.broadcast(Lanes.F, -ExpRef.LN2_HIGH), d);
        r = whole.fma(FloatVector.broadcast(Lanes.F, -ExpRef.LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(Lanes.F, ExpRef.P5);
        p = p.fma(r, FloatVector.broadcast(Lanes.F, ExpRef.P4));
        p = p.fma(r, FloatVector.broadcast(Lanes.F, ExpRef.P3));
        p = p.fma(r, FloatVector.broadcast(Lanes.F, ExpRef.P2));
        p = p.fma(r, FloatVector.broadcast(Lanes.F, ExpRef.P1));
        p = p.fma(r, FloatVector.broadcast(Lanes.F, ExpRef.P0));
        IntVector half = n.lanewise(VectorOperators.ASHR, 1);
        FloatVector e =
            p.fma(r.mul(r), r)
                .add(1f)
                .mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .mul(n.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
                .blend(0f, d.compare(VectorOperators.LT, ExpRef.LOWEST));
        e.intoArray(x, j);
        sum = e.add(sum);
      }
      sum.intoArray(partials, partialsAt + c);
    }
  }
}
