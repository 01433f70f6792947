package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.N;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Gumbel noise over arrays, lane by lane the operations of {@link GumbelRef}, so equal to it bit
 * for bit.
 */
public final class Gumbel {
  private static final IntVector STEPS = steps();

  private Gumbel() {}

  /** Lane j holds j times the step of the hash from index to index. */
  private static IntVector steps() {
    int[] steps = new int[N];
    Arrays.setAll(steps, j -> j * GumbelRef.GOLDEN);
    return IntVector.fromArray(Lanes.I, steps, 0);
  }

  /**
   * {@code x[at + i] = (x[at + i] + draw(key, index + i)) * factor} for i below n.
   *
   * @param room for n floats
   */
  public static void add(float[] x, int at, int n, int key, int index, float factor, float[] room) {
    int whole = n - n % N;
    uniform(room, whole, key, index);
    negativeLog(room, whole);
    negativeLog(room, whole);
    addScaled(x, at, room, whole, factor);
    for (int i = whole; i < n; i++) {
      x[at + i] = (x[at + i] + GumbelRef.draw(key, index + i)) * factor;
    }
  }

  // A loop a step: C2 stops inlining in the middle of one that does it all, and boxes its vectors.

  private static void uniform(float[] out, int n, int key, int index) {
    for (int i = 0; i < n; i += N) {
      IntVector hash = mix(STEPS.add(key + (index + i) * GumbelRef.GOLDEN));
      hash = mix(hash.lanewise(VectorOperators.XOR, key));
      ((FloatVector) hash.lanewise(VectorOperators.LSHR, 9).convertShape(VectorOperators.I2F, F, 0))
          .fma(all(GumbelRef.STEP), all(GumbelRef.STEP / 2))
          .intoArray(out, i);
    }
  }

  private static void addScaled(float[] x, int at, float[] y, int n, float factor) {
    for (int i = 0; i < n; i += N) {
      FloatVector.fromArray(F, x, at + i)
          .add(FloatVector.fromArray(F, y, i))
          .mul(factor)
          .intoArray(x, at + i);
    }
  }

  private static void negativeLog(float[] x, int n) {
    for (int i = 0; i < n; i += N) {
      IntVector bits = FloatVector.fromArray(F, x, i).reinterpretAsInts();
      FloatVector exponent =
          (FloatVector)
              bits.lanewise(VectorOperators.LSHR, 23)
                  .sub(126)
                  .convertShape(VectorOperators.I2F, F, 0);
      FloatVector m = bits.and(0x7FFFFF).or(0x3F000000).reinterpretAsFloats();
      VectorMask<Float> small = m.compare(VectorOperators.LT, GumbelRef.SQRT_HALF);
      exponent = exponent.sub(all(0f).blend(1f, small));
      FloatVector r = m.blend(m.add(m), small).sub(1f);
      FloatVector z = r.mul(r);
      FloatVector p = all(GumbelRef.P[0]).fma(r, all(GumbelRef.P[1]));
      p = p.fma(r, all(GumbelRef.P[2]));
      p = p.fma(r, all(GumbelRef.P[3]));
      p = p.fma(r, all(GumbelRef.P[4]));
      p = p.fma(r, all(GumbelRef.P[5]));
      p = p.fma(r, all(GumbelRef.P[6]));
      p = p.fma(r, all(GumbelRef.P[7]));
      p = p.fma(r, all(GumbelRef.P[8]));
      FloatVector y = exponent.fma(all(GumbelRef.LN2_LOW), p.mul(r).mul(z));
      y = z.fma(all(-0.5f), y);
      exponent.fma(all(GumbelRef.LN2_HIGH), r.add(y)).neg().intoArray(x, i);
    }
  }

  private static IntVector mix(IntVector value) {
    IntVector x = value;
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16)).mul(GumbelRef.MIX_1);
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 15)).mul(GumbelRef.MIX_2);
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F, value);
  }
}
