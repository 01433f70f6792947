package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.N;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums and simple maps over runs of floats.
 *
 * <p>Order of a sum (defined by {@link FloatsRef}): sixteen partial sums, partial j taking the
 * elements i = j mod 16, i ascending, of all whole sixteens; partials j and j + 8 are added, then j
 * and j + 4, j and j + 2, 0 and 1; the elements that are left follow one by one. The partials are
 * one, two or four vectors; what a machine does not need is no code there. No helper takes or
 * returns a vector: inside a caller too large for further inlining it would box them.
 */
public final class Floats {
  private static final VectorShuffle<Float> BY_8 = shuffle(8);
  private static final VectorShuffle<Float> BY_4 = shuffle(4);
  private static final VectorShuffle<Float> BY_2 = shuffle(2);

  private Floats() {}

  /** Lane j takes lane j + n. */
  private static VectorShuffle<Float> shuffle(int n) {
    return VectorShuffle.fromOp(F, j -> (j + n) % N);
  }

  /** {@code sum of a[i] * b[i]}, by fma, in the order of this class. */
  public static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 16; i += 16) {
      s0 = FloatVector.fromArray(F, a, aAt + i).fma(FloatVector.fromArray(F, b, bAt + i), s0);
      if (N < 16) {
        s1 =
            FloatVector.fromArray(F, a, aAt + i + N)
                .fma(FloatVector.fromArray(F, b, bAt + i + N), s1);
      }
      if (N < 8) {
        s2 =
            FloatVector.fromArray(F, a, aAt + i + 2 * N)
                .fma(FloatVector.fromArray(F, b, bAt + i + 2 * N), s2);
        s3 =
            FloatVector.fromArray(F, a, aAt + i + 3 * N)
                .fma(FloatVector.fromArray(F, b, bAt + i + 3 * N), s3);
      }
    }
    FloatVector eight = N == 16 ? s0.rearrange(BY_8).add(s0) : N == 8 ? s0.add(s1) : s0.add(s2);
    FloatVector four = N == 4 ? s1.add(s3).add(eight) : eight.rearrange(BY_4).add(eight);
    FloatVector two = four.rearrange(BY_2).add(four);
    float sum = two.lane(0) + two.lane(1);
    for (; i < n; i++) {
      sum = Math.fma(a[aAt + i], b[bAt + i], sum);
    }
    return sum;
  }

  /** {@code sum of x[i]^2}: {@link #dot} with itself. */
  public static float sumOfSquares(float[] x, int at, int n) {
    return dot(x, at, x, at, n);
  }

  /** {@code sum of x[i]}, in the order of this class. */
  public static float sum(float[] x, int at, int n) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 16; i += 16) {
      s0 = FloatVector.fromArray(F, x, at + i).add(s0);
      if (N < 16) {
        s1 = FloatVector.fromArray(F, x, at + i + N).add(s1);
      }
      if (N < 8) {
        s2 = FloatVector.fromArray(F, x, at + i + 2 * N).add(s2);
        s3 = FloatVector.fromArray(F, x, at + i + 3 * N).add(s3);
      }
    }
    FloatVector eight = N == 16 ? s0.rearrange(BY_8).add(s0) : N == 8 ? s0.add(s1) : s0.add(s2);
    FloatVector four = N == 4 ? s1.add(s3).add(eight) : eight.rearrange(BY_4).add(eight);
    FloatVector two = four.rearrange(BY_2).add(four);
    float sum = two.lane(0) + two.lane(1);
    for (; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  /** The largest element, NaN if there is one, -inf if n is 0. */
  public static float max(float[] x, int at, int n) {
    FloatVector most = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - N; i += N) {
      most = FloatVector.fromArray(F, x, at + i).max(most);
    }
    float max = most.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  /** The largest magnitude, NaN if there is one, 0 if n is 0. */
  public static float absMax(float[] x, int at, int n) {
    FloatVector most = FloatVector.zero(F);
    int i = 0;
    for (; i <= n - N; i += N) {
      most = FloatVector.fromArray(F, x, at + i).abs().max(most);
    }
    float max = most.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, Math.abs(x[at + i]));
    }
    return max;
  }

  /** {@code y[i] += a * x[i]}, by fma. */
  public static void axpy(float a, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector all = FloatVector.broadcast(F, a);
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector.fromArray(F, x, xAt + i)
          .fma(all, FloatVector.fromArray(F, y, yAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] = Math.fma(x[xAt + i], a, y[yAt + i]);
    }
  }

  /**
   * {@code out[j] = sum over i of x[at + i] * rows[i][j]}: from 0, by fma, i ascending.
   *
   * @param n of x that count
   * @param rows [n][width]
   */
  public static void sumOfRows(float[] x, int at, int n, float[] rows, int width, float[] out) {
    int j = 0;
    for (; j <= width - 4 * N; j += 4 * N) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int row = j;
      for (int i = 0; i < n; i++, row += width) {
        FloatVector all = FloatVector.broadcast(F, x[at + i]);
        s0 = FloatVector.fromArray(F, rows, row).fma(all, s0);
        s1 = FloatVector.fromArray(F, rows, row + N).fma(all, s1);
        s2 = FloatVector.fromArray(F, rows, row + 2 * N).fma(all, s2);
        s3 = FloatVector.fromArray(F, rows, row + 3 * N).fma(all, s3);
      }
      s0.intoArray(out, j);
      s1.intoArray(out, j + N);
      s2.intoArray(out, j + 2 * N);
      s3.intoArray(out, j + 3 * N);
    }
    for (; j < width; j++) {
      float sum = 0;
      for (int i = 0; i < n; i++) {
        sum = Math.fma(rows[i * width + j], x[at + i], sum);
      }
      out[j] = sum;
    }
  }

  /** {@code y[i] += x[i]}. */
  public static void add(float[] x, int xAt, float[] y, int yAt, int n) {
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector.fromArray(F, y, yAt + i)
          .add(FloatVector.fromArray(F, x, xAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] += x[xAt + i];
    }
  }

  /** {@code x[i] *= a}. */
  public static void scale(float a, float[] x, int at, int n) {
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector.fromArray(F, x, at + i).mul(a).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] *= a;
    }
  }

  /** {@code x[i] += a}. */
  public static void shift(float a, float[] x, int at, int n) {
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector.fromArray(F, x, at + i).add(a).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] += a;
    }
  }

  /** {@code (x[low + i], x[high + i])} become their sum and their difference. */
  public static void sumAndDifference(float[] x, int low, int high, int n) {
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector a = FloatVector.fromArray(F, x, low + i);
      FloatVector b = FloatVector.fromArray(F, x, high + i);
      a.add(b).intoArray(x, low + i);
      a.sub(b).intoArray(x, high + i);
    }
    for (; i < n; i++) {
      float a = x[low + i];
      float b = x[high + i];
      x[low + i] = a + b;
      x[high + i] = a - b;
    }
  }

  /** {@code y[i] *= x[i]}. */
  public static void multiply(float[] x, int xAt, float[] y, int yAt, int n) {
    int i = 0;
    for (; i <= n - N; i += N) {
      FloatVector.fromArray(F, y, yAt + i)
          .mul(FloatVector.fromArray(F, x, xAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] *= x[xAt + i];
    }
  }
}
