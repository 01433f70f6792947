package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** e^x over arrays, lane by lane the operations of {@link ExpRef}, so equal to it bit for bit. */
public final class Exp {
  private Exp() {}

  /** {@code out[outAt + i] = e^(x[at + i])} for i below n; in place is allowed. */
  public static void exp(float[] x, int at, float[] out, int outAt, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      exp(FloatVector.fromArray(Lanes.F, x, at + i)).intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = ExpRef.exp(x[at + i]);
    }
  }

  /**
   * The numerators of a softmax: {@code x[at + i] = e^(x[at + i] - max)} in place.
   *
   * @param max at least the largest of them, so that nothing overflows
   * @return their sum, in the order of {@link Floats#sum}
   */
  public static float softmax(float[] x, int at, int n, float max) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      exp(FloatVector.fromArray(Lanes.F, x, at + i).sub(max)).intoArray(x, at + i);
    }
    for (; i < n; i++) {
      x[at + i] = ExpRef.exp(x[at + i] - max);
    }
    return Floats.sum(x, at, n);
  }

  static FloatVector exp(FloatVector x) {
    FloatVector round = FloatVector.broadcast(Lanes.F, ExpRef.ROUND);
    FloatVector rounded = x.fma(FloatVector.broadcast(Lanes.F, ExpRef.LOG2E), round);
    IntVector n = rounded.reinterpretAsInts().sub(Float.floatToRawIntBits(ExpRef.ROUND));
    FloatVector whole = rounded.sub(round);
    FloatVector r = whole.fma(FloatVector.broadcast(Lanes.F, -ExpRef.LN2_HIGH), x);
    r = whole.fma(FloatVector.broadcast(Lanes.F, -ExpRef.LN2_LOW), r);
    FloatVector p = r.fma(FloatVector.broadcast(Lanes.F, ExpRef.P5), all(ExpRef.P4));
    p = p.fma(r, all(ExpRef.P3));
    p = p.fma(r, all(ExpRef.P2));
    p = p.fma(r, all(ExpRef.P1));
    p = p.fma(r, all(ExpRef.P0));
    FloatVector e = p.fma(r.mul(r), r).add(1f);
    IntVector half = n.lanewise(VectorOperators.ASHR, 1);
    return e.mul(power(half))
        .mul(power(n.sub(half)))
        .blend(0f, x.compare(VectorOperators.LT, ExpRef.LOWEST))
        .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, ExpRef.HIGHEST));
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(Lanes.F, value);
  }

  private static FloatVector power(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }
}
