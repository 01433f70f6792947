package io.kvasir.kv.codec;

import java.util.List;

/** Registry and table of contents of the codecs. */
public final class Codecs {
  /** One line per codec, by family. */
  public static final List<Class<? extends Codec>> ALL =
      List.of(
          // numbers as they are
          F32.class,
          F16.class,

          // integers, each row for itself
          Q8.class,
          Q4.class,

          // floating point of 8 bits
          Fp8.class,

          // ggml's blocks
          GgmlQ8.class,
          GgmlQ4.class,

          // keys per channel, values per token
          Kivi.class,
          Gear.class,
          KvQuant.class,
          RotateKv.class,

          // few dimensions
          Cskv.class,
          Xkv.class,

          // atoms of a dictionary
          Csr.class,

          // over the depth
          MiniCache.class,

          // over time
          FreqKv.class);

  private Codecs() {}
}
