package io.kvasir.engine.gguf;

import java.util.HexFormat;

/** Names and bytes of a file as a message shows them: short, whatever the file holds. */
public final class Shown {
  private static final int MOST_CHARS = 80;
  private static final int MOST_BYTES = 16;

  private Shown() {}

  /** A name or a word itself, or its start when it is far longer than such are. */
  public static String name(String name) {
    return name.length() <= MOST_CHARS ? name : name.substring(0, MOST_CHARS) + "...";
  }

  /** In hexadecimal. */
  static String bytes(byte[] bytes) {
    int shown = Math.min(bytes.length, MOST_BYTES);
    String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, shown);
    return shown < bytes.length ? hex + " ..." : hex;
  }
}
