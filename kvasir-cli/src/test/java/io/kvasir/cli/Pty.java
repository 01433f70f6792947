package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs in a pseudo-terminal, which util-linux' {@code script} makes; a test is
 * skipped where there is none.
 */
final class Pty implements AutoCloseable {
  private static final Path SCRIPT = Path.of("/usr/bin/script");
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private final Process process;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private int seen; // characters of the output that were awaited

  private Pty(Process process) {
    this.process = process;
  }

  /** Starts a class of the test's class path. */
  static Pty java(String terminal, Class<?> main, String... arguments) {
    assumeTrue(Files.isExecutable(SCRIPT) && isLinux(), "no script of util-linux");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    String quoted =
        String.join(" ", command.stream().map(w -> "'" + w.replace("'", "'\\''") + "'").toList());
    ProcessBuilder builder =
        new ProcessBuilder(
                SCRIPT.toString(), "-qfec", "stty cols 100 rows 30; exec " + quoted, "/dev/null")
            .redirectErrorStream(true);
    builder.environment().put("TERM", terminal);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      Pty pty = new Pty(builder.start());
      Thread.ofVirtual().start(pty::drain);
      return pty;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private void drain() {
    byte[] buffer = new byte[4096];
    try {
      for (int n = process.getInputStream().read(buffer);
          n >= 0;
          n = process.getInputStream().read(buffer)) {
        synchronized (output) {
          output.write(buffer, 0, n);
          output.notifyAll();
        }
      }
    } catch (IOException e) {
      // The terminal is gone with its program; what came so far is there.
    }
  }

  void type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a text appears after the ones awaited before. */
  void await(String text) {
    long deadline = System.nanoTime() + PATIENCE;
    synchronized (output) {
      while (output().indexOf(text, seen) < 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("no \"" + text + "\" in: " + output().substring(seen));
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      seen = output().indexOf(text, seen) + text.length();
    }
  }

  String output() {
    synchronized (output) {
      return output.toString(UTF_8);
    }
  }

  int exitCode() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
