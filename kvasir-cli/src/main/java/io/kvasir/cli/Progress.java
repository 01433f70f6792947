package io.kvasir.cli;

import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.model.PassListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/**
 * How far one long step is, on standard error: a bar that appears after a second and is wiped when
 * closed. Where standard error is no terminal nothing is printed. For one thread.
 */
final class Progress implements AutoCloseable {
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
      Bars.width().ifPresent(width -> bar = bar(width));
    }
    if (bar != null) {
      bar.maxHint(total).stepTo(done);
    }
  }

  /** Shows a pass of the model, and ends it on Ctrl-C. */
  PassListener reading(Interrupts interrupts) {
    return (done, total) -> {
      interrupts.check();
      to(done, total);
    };
  }

  /** Counts tokens where they are not printed as they come. */
  GenerationListener tokens(int most) {
    AtomicInteger count = new AtomicInteger();
    return (id, text) -> to(Math.min(count.incrementAndGet(), most), most);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null; // it would be wiped again, and the line with it
    }
  }

  private ProgressBar bar(int width) {
    return Bars.builder(task, width).setInitialMax(1).setConsumer(new Wiped(width - 1)).build();
  }

  /** The library would leave the finished bar on the screen. */
  private static final class Wiped extends ConsoleProgressBarConsumer {
    private final int width;

    Wiped(int width) {
      super(System.err, width);
      this.width = width;
    }

    @Override
    public void close() {
      System.err.print("\r" + " ".repeat(width) + "\r");
      System.err.flush();
    }
  }
}
