package io.kvasir.cli;

import io.kvasir.engine.fit.ByteSize;
import io.kvasir.engine.hub.PullProgress;
import java.time.Duration;
import java.util.OptionalInt;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/**
 * Shows a pull on standard error: a bar on a terminal, one line per step elsewhere. Nothing at all
 * when the model is here already.
 */
final class PullBar implements PullProgress, AutoCloseable {
  private static final long MB = 1_000_000;

  private final String name;
  private final OptionalInt width;
  private boolean announced;
  private @Nullable ProgressBar bar;
  private @Nullable Line line;

  /** Ends its line once: a bar that is closed before it was ever redrawn leaves that to us. */
  private static final class Line extends ConsoleProgressBarConsumer {
    private boolean ended;

    Line(int width) {
      super(System.err, width - 1);
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        super.close();
      }
    }
  }

  /**
   * @param width of the terminal; empty when there is none
   */
  PullBar(String name, OptionalInt width) {
    this.name = name;
    this.width = width;
  }

  @Override
  public void says(String sentence) {
    close();
    Terminal.tell(sentence);
  }

  @Override
  public void bytes(long done, long total) {
    if (width.isPresent()) {
      bar(width.getAsInt(), done).maxHint(total).stepTo(done);
    } else if (!announced) {
      announced = true;
      Terminal.tell("pulling " + name + (total < 0 ? "" : ", " + ByteSize.text(total) + " in all"));
    }
  }

  private ProgressBar bar(int columns, long done) {
    if (bar == null) {
      line = new Line(columns);
      bar =
          Bars.builder(name, columns)
              .setConsumer(line)
              .setUnit("MB", MB)
              .showSpeed()
              .startsFrom(done, Duration.ZERO)
              .build();
    }
    return bar;
  }

  /** Ends the bar's line. */
  @Override
  public void close() {
    if (bar != null && line != null) {
      bar.close();
      line.close();
      bar = null;
    }
  }
}
