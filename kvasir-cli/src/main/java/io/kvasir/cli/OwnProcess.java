package io.kvasir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Another process of this program, with this one's Java, options and class path: for what must not
 * be measured, or compiled, beside anything else.
 *
 * @param options of its Java besides; the last of two that contradict each other counts
 * @param arguments of its command line
 */
record OwnProcess(List<String> options, List<String> arguments) {
  private static final int LOOK_MILLIS = 50;

  /** Options that would open the same port, or write the same file, a second time. */
  private static final List<String> ONCE =
      List.of("-agent", "-javaagent", "-Dkvasir.stderr", "-XX:AOT", "-XX:StartFlightRecording");

  /**
   * Runs it to its end.
   *
   * @param input its standard input
   * @param alive called often; may throw, which ends the process
   * @return its standard output, a few lines
   * @throws IllegalStateException it failed; the sentence is its own
   */
  String run(String input, Runnable alive) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command());
      // As the launcher does: what was freed leaves the process.
      builder.environment().putIfAbsent("MALLOC_MMAP_THRESHOLD_", "131072");
      builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
      Process process = builder.start();
      try {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          alive.run();
        }
        String out = text(process.getInputStream().readAllBytes());
        if (process.exitValue() != 0) {
          throw new IllegalStateException(
              reason(text(process.getErrorStream().readAllBytes()), process.exitValue()));
        }
        return out;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while another process was measuring");
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  /** What it said last in its own name. */
  private String reason(String errors, int exit) {
    return errors
        .lines()
        .filter(line -> line.startsWith("kvasir: "))
        .reduce((first, second) -> second)
        .map(line -> line.substring("kvasir: ".length()))
        .orElseGet(
            () ->
                "%s, in a process of its own, ended with %d"
                    .formatted(String.join(" ", arguments), exit));
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> ONCE.stream().noneMatch(argument::startsWith))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
