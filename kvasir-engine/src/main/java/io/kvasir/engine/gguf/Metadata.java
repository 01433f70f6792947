package io.kvasir.engine.gguf;

import java.util.List;

/**
 * The typed key-value pairs of a model file. Every accessor throws {@link
 * io.kvasir.engine.ModelFormatException} with a sentence naming the key when the value has another
 * type or lies outside the given bounds; the ones without a default also when the key is absent.
 */
public interface Metadata {
  boolean has(String key);

  String string(String key);

  String string(String key, String otherwise);

  /** An integer of any width. */
  long integer(String key, long min, long max);

  long integer(String key, long min, long max, long otherwise);

  /** A finite f32 or f64. */
  double real(String key);

  double real(String key, double otherwise);

  boolean bool(String key, boolean otherwise);

  List<String> strings(String key);

  /**
   * Strings as UTF-8 bytes, one after the other, without a Java object each: string {@code i} is
   * {@code bytes[offsets[i] .. offsets[i+1])}.
   */
  Strings utf8(String key);

  /** Integers of any width that fit an int. */
  int[] ints(String key);

  float[] floats(String key);

  boolean[] bools(String key);

  /** Many strings in one array; offsets has one entry more than there are strings. */
  record Strings(byte[] bytes, int[] offsets) {
    public int size() {
      return offsets.length - 1;
    }
  }
}
