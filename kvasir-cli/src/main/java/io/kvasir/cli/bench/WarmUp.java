package io.kvasir.cli.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs a piece of work until the JIT compilers have nothing left to do for it: two rounds in a row
 * in which they worked for less than {@value #QUIET_PERCENT} % of the time, or for so long at most.
 * C2 compiles beside the work, on the same cores.
 */
final class WarmUp {
  private static final int QUIET_PERCENT = 2;
  private static final int QUIET_ROUNDS = 2;
  private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(500);

  private WarmUp() {}

  /** Runs it, for some more than {@code mostSeconds} at most. */
  static void run(int mostSeconds, Runnable work) {
    CompilationMXBean jit = ManagementFactory.getCompilationMXBean();
    long begin = System.nanoTime();
    int quiet = 0;
    while (quiet < QUIET_ROUNDS
        && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(mostSeconds)) {
      long compiled = jit.getTotalCompilationTime();
      long start = System.nanoTime();
      do {
        work.run();
      } while (System.nanoTime() - start < ROUND);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      boolean idle = 100 * (jit.getTotalCompilationTime() - compiled) < QUIET_PERCENT * millis;
      quiet = idle ? quiet + 1 : 0;
    }
  }
}
