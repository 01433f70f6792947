package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and simple maps over runs of floats.
 *
 * <p>Order of a sum (defined by {@link FloatsRef}): sixteen partial sums, partial j taking the
 * elements i = j mod 16, i ascending, of all whole sixteens; partials j and j + 8 are added, then j
 * and j + 4, j and j + 2, 0 and 1; the elements that are left follow one by one. Four 128-bit
 * vectors hold the partials because every machine has those. No helper takes or returns a vector:
 * inside a caller too large for further inlining, such as {@link Exp#softmax}, it would box them.
 */
public final class Floats {
  private static final VectorSpecies<Float> Q = FloatVector.SPECIES_128;

  private Floats() {}

  /** {@code sum of a[i] * b[i]}, by fma, in the order of this class. */
  public static float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    FloatVector s0 = FloatVector.zero(Q);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 16; i += 16) {
      s0 = FloatVector.fromArray(Q, a, aAt + i).fma(FloatVector.fromArray(Q, b, bAt + i), s0);
      s1 =
          FloatVector.fromArray(Q, a, aAt + i + 4)
              .fma(FloatVector.fromArray(Q, b, bAt + i + 4), s1);
      s2 =
          FloatVector.fromArray(Q, a, aAt + i + 8)
              .fma(FloatVector.fromArray(Q, b, bAt + i + 8), s2);
      s3 =
          FloatVector.fromArray(Q, a, aAt + i + 12)
              .fma(FloatVector.fromArray(Q, b, bAt + i + 12), s3);
    }
    FloatVector four = s0.add(s2).add(s1.add(s3));
    float sum = (four.lane(0) + four.lane(2)) + (four.lane(1) + four.lane(3));
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
    FloatVector s0 = FloatVector.zero(Q);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 16; i += 16) {
      s0 = s0.add(FloatVector.fromArray(Q, x, at + i));
      s1 = s1.add(FloatVector.fromArray(Q, x, at + i + 4));
      s2 = s2.add(FloatVector.fromArray(Q, x, at + i + 8));
      s3 = s3.add(FloatVector.fromArray(Q, x, at + i + 12));
    }
    FloatVector four = s0.add(s2).add(s1.add(s3));
    float sum = (four.lane(0) + four.lane(2)) + (four.lane(1) + four.lane(3));
    for (; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  /** The largest element, NaN if there is one, -inf if n is 0. */
  public static float max(float[] x, int at, int n) {
    FloatVector most = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      most = most.max(FloatVector.fromArray(Lanes.F, x, at + i));
    }
    float max = Float.NEGATIVE_INFINITY;
    for (int lane = 0; lane < Lanes.N; lane++) {
      max = Math.max(max, most.lane(lane));
    }
    for (; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  /** The largest magnitude, NaN if there is one, 0 if n is 0. */
  public static float absMax(float[] x, int at, int n) {
    FloatVector most = FloatVector.zero(Lanes.F);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      most = most.max(FloatVector.fromArray(Lanes.F, x, at + i).abs());
    }
    float max = 0;
    for (int lane = 0; lane < Lanes.N; lane++) {
      max = Math.max(max, most.lane(lane));
    }
    for (; i < n; i++) {
      max = Math.max(max, Math.abs(x[at + i]));
    }
    return max;
  }

  /** {@code y[i] += a * x[i]}, by fma. */
  public static void axpy(float a, float[] x, int xAt, float[] y, int yAt, int n) {
    FloatVector all = FloatVector.broadcast(Lanes.F, a);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, x, xAt + i)
          .fma(all, FloatVector.fromArray(Lanes.F, y, yAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] = Math.fma(x[xAt + i], a, y[yAt + i]);
    }
  }

  /** {@code y[i] += x[i]}. */
  public static void add(float[] x, int xAt, float[] y, int yAt, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, y, yAt + i)
          .add(FloatVector.fromArray(Lanes.F, x, xAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] += x[xAt + i];
    }
  }

  /** {@code x[i] *= a}. */
  public static void scale(float a, float[] x, int at, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, x, at + i).mul(a).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] *= a;
    }
  }

  /** {@code x[i] += a}. */
  public static void shift(float a, float[] x, int at, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, x, at + i).add(a).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] += a;
    }
  }

  /** {@code y[i] *= x[i]}. */
  public static void multiply(float[] x, int xAt, float[] y, int yAt, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector.fromArray(Lanes.F, y, yAt + i)
          .mul(FloatVector.fromArray(Lanes.F, x, xAt + i))
          .intoArray(y, yAt + i);
    }
    for (; i < n; i++) {
      y[yAt + i] *= x[xAt + i];
    }
  }
}
