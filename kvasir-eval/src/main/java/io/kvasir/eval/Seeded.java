package io.kvasir.eval;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Random numbers that depend on a seed and on what they are for, and on nothing else: neither on
 * the machine, nor on the JDK, nor on who drew before.
 *
 * <p>The generator is xoshiro256++ (Blackman and Vigna 2021); its 256 bits of state are the {@link
 * Digest} of seed and purpose, so two purposes share no stream.
 */
public final class Seeded {
  private Seeded() {}

  /**
   * @param seed the run's
   * @param purpose names what is drawn, from the general to the particular: {@code "kv", 4096, 3}
   */
  public static UniformRandomProvider of(long seed, Object... purpose) {
    Object[] parts = Stream.concat(Stream.of(seed), Stream.of(purpose)).toArray();
    long[] state = new long[4];
    ByteBuffer.wrap(Digest.bytes(parts)).asLongBuffer().get(state);
    return RandomSource.XO_SHI_RO_256_PP.create(state);
  }
}
