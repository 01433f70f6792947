package io.kvasir.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of several texts, each preceded by its length, so that {@code ("ab", "c")} and {@code
 * ("a", "bc")} differ.
 */
public final class Digest {
  private Digest() {}

  /** 64 hexadecimal digits. */
  public static String hex(Object... parts) {
    return HexFormat.of().formatHex(bytes(parts));
  }

  /** 32 bytes; of each part its {@code toString} counts. */
  static byte[] bytes(Object... parts) {
    MessageDigest digest = sha256();
    for (Object part : parts) {
      byte[] text = part.toString().getBytes(UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
      digest.update(text);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
