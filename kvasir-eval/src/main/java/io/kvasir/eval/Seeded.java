package io.kvasir.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Random numbers that depend on a seed and on what they are for, and on nothing else: neither on
 * the machine, nor on the JDK, nor on who drew before.
 *
 * <p>The generator is xoshiro256++ (Blackman and Vigna 2021); its 256 bits of state are the SHA-256
 * of seed and purpose, so two purposes share no stream.
 */
public final class Seeded {
  private Seeded() {}

  /**
   * @param seed the run's
   * @param purpose names what is drawn, from the general to the particular: {@code "kv", 4096, 3}
   */
  public static UniformRandomProvider of(long seed, Object... purpose) {
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
    for (Object part : purpose) {
      byte[] text = part.toString().getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
      digest.update(text);
    }
    long[] state = new long[4];
    ByteBuffer.wrap(digest.digest()).asLongBuffer().get(state);
    return RandomSource.XO_SHI_RO_256_PP.create(state);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
