package io.kvasir.cli;

import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far one long step is, on standard error: a bar that appears after a second and is wiped when
 * closed. Where standard error is no terminal nothing is printed. For one thread.
 */
final class Progress implements AutoCloseable {
  private static final int STDERR = 2;
  private static final int WIDTH = 79;
  private static final int REFRESH_MILLIS = 200;

  private final String task;
  private final long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
  private boolean decided;
  private @Nullable ProgressBar bar;

  /**
   * @param task what is being done, one word
   */
  Progress(String task) {
    this.task = task;
  }

  /**
   * @param total of the same unit as {@code done}, above 0
   */
  void to(long done, long total) {
    if (!decided && System.nanoTime() - due >= 0) {
      decided = true;
      bar = Terminal.isTerminal(STDERR) ? bar() : null;
    }
    if (bar != null) {
      bar.maxHint(total).stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private ProgressBar bar() {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(REFRESH_MILLIS)
        .setConsumer(new Wiped())
        .build();
  }

  /** The library would leave the finished bar on the screen. */
  private static final class Wiped extends ConsoleProgressBarConsumer {
    Wiped() {
      super(System.err, WIDTH);
    }

    @Override
    public void close() {
      System.err.print("\r" + " ".repeat(WIDTH) + "\r");
      System.err.flush();
    }
  }
}
