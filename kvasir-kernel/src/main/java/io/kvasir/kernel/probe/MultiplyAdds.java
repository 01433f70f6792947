package io.kvasir.kernel.probe;

import io.kvasir.kernel.Workers;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many multiply-adds a team's registers do: twelve chains that do not wait for each other, so
 * that neither latency nor memory counts.
 */
final class MultiplyAdds {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;

  /** A power of two: {@link #floats} of it is exact. */
  private static final int ROUNDS = 1 << 16;

  private MultiplyAdds() {}

  /** Operations per second in f32, two per fused multiply-add. */
  static double f32(Workers workers) {
    return operations(workers, F.length(), MultiplyAdds::floats);
  }

  /**
   * Operations per second of products of 8-bit numbers as the Vector API has them: a multiply and
   * an add in 16-bit lanes.
   */
  static double int8(Workers workers) {
    return operations(workers, S.length(), MultiplyAdds::shorts);
  }

  private static double operations(Workers workers, int lanes, IntToDoubleFunction chains) {
    double[] sums = new double[workers.threads()];
    Runnable run =
        () ->
            workers.run(
                sums.length,
                (t, thread) -> {
                  sums[t] = chains.applyAsDouble(ROUNDS);
                });
    long nanos = BestTime.nanos(run);
    return 2e9 * sums.length * CHAINS * lanes * ROUNDS / nanos;
  }

  /** Every lane of every chain begins with 0 and gains 1 a round; the sum of them all. */
  static double floats(int rounds) {
    FloatVector one = FloatVector.broadcast(F, 1);
    FloatVector a = FloatVector.zero(F);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    FloatVector i = a;
    FloatVector j = a;
    FloatVector k = a;
    FloatVector l = a;
    for (int r = 0; r < rounds; r++) {
      a = one.fma(a, one);
      b = one.fma(b, one);
      c = one.fma(c, one);
      d = one.fma(d, one);
      e = one.fma(e, one);
      f = one.fma(f, one);
      g = one.fma(g, one);
      h = one.fma(h, one);
      i = one.fma(i, one);
      j = one.fma(j, one);
      k = one.fma(k, one);
      l = one.fma(l, one);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }

  /**
   * Every lane of every chain becomes three times itself plus 1 in a round, beginning with 0,
   * modulo 2^16; the sum of all modulo 2^16.
   */
  static double shorts(int rounds) {
    ShortVector one = ShortVector.broadcast(S, (short) 1);
    ShortVector three = ShortVector.broadcast(S, (short) 3);
    ShortVector a = ShortVector.zero(S);
    ShortVector b = a;
    ShortVector c = a;
    ShortVector d = a;
    ShortVector e = a;
    ShortVector f = a;
    ShortVector g = a;
    ShortVector h = a;
    ShortVector i = a;
    ShortVector j = a;
    ShortVector k = a;
    ShortVector l = a;
    for (int r = 0; r < rounds; r++) {
      a = three.mul(a).add(one);
      b = three.mul(b).add(one);
      c = three.mul(c).add(one);
      d = three.mul(d).add(one);
      e = three.mul(e).add(one);
      f = three.mul(f).add(one);
      g = three.mul(g).add(one);
      h = three.mul(h).add(one);
      i = three.mul(i).add(one);
      j = three.mul(j).add(one);
      k = three.mul(k).add(one);
      l = three.mul(l).add(one);
    }
    ShortVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }
}
