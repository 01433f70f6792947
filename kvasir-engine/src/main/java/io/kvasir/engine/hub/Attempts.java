package io.kvasir.engine.hub;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Repeats what failed for a passing reason, with growing pauses, until progress or patience end.
 */
final class Attempts {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final HubSettings.Waits waits;
  private int failures;

  Attempts(HubSettings.Waits waits) {
    this.waits = waits;
  }

  /** Runs the step, at most {@code most} times, and throws its last failure for good. */
  static <T> T run(HubSettings.Waits waits, int most, Supplier<T> step) {
    Attempts attempts = new Attempts(waits);
    while (true) {
      try {
        return step.get();
      } catch (TransientException e) {
        if (attempts.failures + 1 >= most) {
          throw new HubException(e.sentence());
        }
        attempts.pauseAfter(e);
      }
    }
  }

  /** Something got through: patience begins anew. */
  void progressed() {
    failures = 0;
  }

  boolean exhausted() {
    return failures + 1 >= waits.attempts();
  }

  void pauseAfter(TransientException failure) {
    Duration pause = waits.pause().multipliedBy(1L << Math.min(failures, 10));
    failures++;
    if (failure.retryAfter().compareTo(pause) > 0) {
      pause = failure.retryAfter();
    }
    try {
      Thread.sleep(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    } catch (InterruptedException e) {
      throw HubException.interrupted("waiting to try again");
    }
  }
}
