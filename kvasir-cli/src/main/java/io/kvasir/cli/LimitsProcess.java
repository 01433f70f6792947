package io.kvasir.cli;

import io.kvasir.kernel.probe.MachineLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

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
   * @throws IllegalStateException the process failed, which says why on standard error
   */
  static MachineLimits measure(int threads) {
    try {
      Process process =
          new ProcessBuilder(command(threads))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String line =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException(
            "bench --limits -t %d, in a process of its own, ended with %d"
                .formatted(threads, exit));
      }
      return Json.read(line, Line.class).limits();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while the machine's limits were measured");
    }
  }

  private static List<String> command(int threads) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(LimitsProcess::isForEveryProcess)
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("bench", "--limits", "-t", String.valueOf(threads), "-o", "jsonl"));
    return command;
  }

  /** Not what would open the same port, or write the same file, a second time. */
  private static boolean isForEveryProcess(String argument) {
    return List.of("-agent", "-javaagent", "-Dkvasir.stderr", "-XX:AOT", "-XX:StartFlightRecording")
        .stream()
        .noneMatch(argument::startsWith);
  }
}
