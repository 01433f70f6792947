package io.kvasir.cli;

import io.kvasir.kernel.probe.MachineLimits;
import java.util.List;

/**
 * Measures the machine in a process of its own, {@code bench --limits}. Its kernels meet vectors of
 * many kinds in the JDK's own methods, and in the same process the virtual machine would remember
 * that when it compiles those of a model: one run in two then decoded at a fifth of its speed.
 */
final class LimitsProcess {
  private LimitsProcess() {}

  /** What {@code bench --limits -o jsonl} prints, as far as it matters here. */
  private record Line(MachineLimits limits) {}

  /**
   * Takes a few seconds.
   *
   * @throws IllegalStateException the process failed
   */
  static MachineLimits measure(int threads) {
    List<String> arguments =
        List.of("bench", "--limits", "-t", String.valueOf(threads), "-o", "jsonl");
    String line = new OwnProcess(List.of(), arguments).run("", () -> {});
    return Json.read(line, Line.class).limits();
  }
}
