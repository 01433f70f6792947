package io.kvasir.cli;

import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.Model;
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
  private final String unit;
  private final long unitSize;
  private final long due = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
  private boolean decided;
  private @Nullable ProgressBar bar;
  private int width;

  /**
   * @param task what is being done, one word
   */
  Progress(String task) {
    this(task, "", 1);
  }

  /**
   * @param unit of the numbers shown
   * @param unitSize what {@link #to} is told for one of them
   */
  Progress(String task, String unit, long unitSize) {
    this.task = task;
    this.unit = unit;
    this.unitSize = unitSize;
  }

  /** For reading a prompt: a pass counts every layer of every token. */
  static Progress ofTokens(String task, Model model) {
    return new Progress(task, " tokens", model.config().layers().size());
  }

  /**
   * @param total of the same unit as {@code done}, above 0
   */
  void to(long done, long total) {
    if (!decided && System.nanoTime() - due >= 0) {
      decided = true;
      Bars.width().ifPresent(width -> show(width, total));
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

  private void show(int columns, long total) {
    width = columns;
    bar = bar(columns, total);
  }

  /** Wipes the bar; further calls do nothing. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close(); // not told to its consumer when the bar has not been drawn yet
      bar = null;
      System.err.print("\r" + " ".repeat(width - 1) + "\r");
      System.err.flush();
    }
  }

  private ProgressBar bar(int width, long total) {
    return Bars.builder(task, width)
        .setUnit(unit, unitSize)
        .setInitialMax(total)
        .setConsumer(new Unfinished(width - 1))
        .build();
  }

  /** The library would leave the finished bar on the screen, and begin a new line. */
  private static final class Unfinished extends ConsoleProgressBarConsumer {
    Unfinished(int width) {
      super(System.err, width);
    }

    @Override
    public void close() {}
  }
}
