package io.kvasir.kv.codec;

import java.util.List;

/** The codecs, by family. The plan finds names and parameters here, by reflection. */
public final class Codecs {
  public static final List<Class<? extends Codec>> ALL =
      List.of(
          // numbers as they are
          F32.class,
          F16.class,

          // integers, each row for itself
          Q8.class,
          Q4.class,

          // ggml's blocks
          GgmlQ8.class,
          GgmlQ4.class,

          // keys per channel, values per token
          Kivi.class);

  private Codecs() {}
}
