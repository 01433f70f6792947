package io.kvasir.cli;

import java.io.IOException;
import java.util.OptionalInt;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** Progress bars on standard error, for the people who watch it. */
final class Bars {
  private static final int USUAL_WIDTH = 80;

  private Bars() {}

  /** Columns of standard error; empty when it is no terminal, and nobody is promised a bar. */
  static OptionalInt width() {
    try {
      TerminalProvider system = TerminalProvider.load("ffm");
      if (!system.isSystemStream(SystemStream.Error)) {
        return OptionalInt.empty();
      }
      int width = system.systemStreamWidth(SystemStream.Error);
      return OptionalInt.of(width > 0 ? width : USUAL_WIDTH);
    } catch (IOException e) {
      return OptionalInt.empty(); // no native access on this system
    }
  }

  /**
   * A bar to be started. It is told its width: left to find that itself, it would open the terminal
   * through JLine, which asks the terminal questions whose answers then stand in the user's input.
   *
   * @param width columns of the terminal
   */
  static ProgressBarBuilder builder(String task, int width) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, width - 1));
  }
}
