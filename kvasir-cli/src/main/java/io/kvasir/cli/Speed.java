package io.kvasir.cli;

import io.kvasir.engine.Generation;
import java.util.Locale;

/**
 * How fast an answer came.
 *
 * @param ttftSeconds what was read for it, up to the first token
 * @param tokensPerSecond from then on; 0 where there was no token
 */
record Speed(double ttftSeconds, double tokensPerSecond) {
  private static final double NANOS = 1e9;

  static Speed of(Generation generation) {
    double seconds = generation.decodeNanos() / NANOS;
    int tokens = generation.ids().size();
    return new Speed(
        generation.promptNanos() / NANOS, tokens == 0 || seconds == 0 ? 0 : tokens / seconds);
  }

  /** {@code first token after 0.21 s, then 31.2 tok/s}. */
  String text() {
    return String.format(
        Locale.ROOT, "first token after %.2f s, then %.1f tok/s", ttftSeconds, tokensPerSecond);
  }
}
