package io.kvasir.kernel.probe;

import java.util.concurrent.TimeUnit;

/**
 * Times work that is to show the machine's best, so that what disturbs it does not count: neither
 * other processes nor the time before the JIT compilers are done.
 */
final class BestTime {
  /** The best of so long without a better one is it; compiling a loop takes less. */
  private static final long WITHOUT_BETTER = TimeUnit.MILLISECONDS.toNanos(400);

  private static final long MOST = TimeUnit.SECONDS.toNanos(3);

  /** A better one is better by more than chance. */
  private static final double BETTER = 0.99;

  private BestTime() {}

  /** The shortest run's nanoseconds. */
  static long nanos(Runnable work) {
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long found = begin;
    long end = begin;
    while (end - found < WITHOUT_BETTER && end - begin < MOST) {
      long start = System.nanoTime();
      work.run();
      end = System.nanoTime();
      if (end - start < BETTER * best) {
        found = end;
      }
      best = Math.min(best, end - start);
    }
    return best;
  }
}
