package io.kvasir.kv.codec;

import java.util.List;

/** Registry and table of contents of the codecs. */
public final class Codecs {
  /** One line per codec, by family. */
  public static final List<Class<? extends Codec>> ALL = List.of();

  private Codecs() {}
}
