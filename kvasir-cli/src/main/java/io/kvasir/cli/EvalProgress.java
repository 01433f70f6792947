package io.kvasir.cli;

import io.kvasir.eval.run.SweepListener;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import me.tongfei.progressbar.ProgressBar;

/** Shows how far a sweep is, on standard error where that is a terminal: cells, plan, time left. */
final class EvalProgress implements SweepListener, AutoCloseable {
  private final String task;
  private final Interrupts interrupts;
  private final Deadline deadline;
  private Optional<ProgressBar> bar = Optional.empty();
  private boolean begun;

  /**
   * @param task what is done, {@code weighing} for example
   */
  EvalProgress(String task, Interrupts interrupts, Deadline deadline) {
    this.task = task;
    this.interrupts = interrupts;
    this.deadline = deadline;
  }

  @Override
  public void at(int done, int total, String what) {
    check();
    if (!begun) {
      begun = true;
      OptionalInt width = Bars.width();
      if (width.isPresent()) {
        bar =
            Optional.of(
                Bars.builder(task, width.getAsInt())
                    .setUnit(" cells", 1)
                    .setInitialMax(total)
                    .startsFrom(done, Duration.ZERO)
                    .build());
      }
    }
    bar.ifPresent(shown -> shown.maxHint(total).stepTo(done).setExtraMessage(Terminal.line(what)));
  }

  @Override
  public void check() {
    interrupts.check();
    deadline.check();
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
