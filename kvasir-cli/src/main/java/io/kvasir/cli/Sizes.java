package io.kvasir.cli;

import io.kvasir.engine.fit.ByteSize;

/** Sizes for people: {@code 98.4 MB}. */
final class Sizes {
  private Sizes() {}

  static String text(long bytes) {
    return ByteSize.text(bytes);
  }
}
