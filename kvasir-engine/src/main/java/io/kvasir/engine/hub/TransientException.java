package io.kvasir.engine.hub;

import java.time.Duration;

/** A failure that a later attempt may not meet again. Never leaves this package. */
final class TransientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  TransientException(String sentence) {
    this(sentence, Duration.ZERO);
  }

  /**
   * @param retryAfter the least time to wait, as the server asked
   */
  TransientException(String sentence, Duration retryAfter) {
    super(sentence);
    this.retryAfter = retryAfter;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
