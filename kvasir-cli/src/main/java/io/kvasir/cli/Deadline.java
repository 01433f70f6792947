package io.kvasir.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** When a sweep is to stop, if it is. */
record Deadline(Instant start, Optional<Duration> most) {
  /** The time is over. */
  static final class PassedException extends CancellationException {
    private static final long serialVersionUID = 1L;

    PassedException() {
      super("the time is over");
    }
  }

  /**
   * To be called often.
   *
   * @throws PassedException once the time is over
   */
  void check() {
    if (most.isPresent() && Instant.now().isAfter(start.plus(most.get()))) {
      throw new PassedException();
    }
  }
}
