package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the command in a JVM of its own, where a test needs another environment or heap. */
final class KvasirProcess {
  private final Map<String, String> environment;
  private final List<String> jvm;

  record Ran(int exit, String out, String err) {}

  KvasirProcess(Map<String, String> environment, String... jvm) {
    this.environment = environment;
    this.jvm = List.of(jvm);
  }

  Ran run(String... arguments) {
    try {
      Path err = Files.createTempFile("kvasir", ".err");
      try {
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
      } finally {
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts without waiting; the caller has the streams, and must end the process. */
  Process start(String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
