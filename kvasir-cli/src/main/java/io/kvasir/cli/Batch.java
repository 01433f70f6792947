package io.kvasir.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/**
 * Batch mode: one JSON object per line on standard input, one per line on standard output, in the
 * same order. A bad line is answered with {@code {"error": "one sentence"}}; the rest is still
 * done.
 */
final class Batch {
  private Batch() {}

  /** Answers every line of standard input. */
  static void run(Function<Request, Object> answer) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          out.println(Json.line(answer(answer, line)));
          out.flush();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard input broke off", e);
    }
    if (out.checkError()) {
      throw new UncheckedIOException(new IOException("standard output was closed"));
    }
  }

  private static Object answer(Function<Request, Object> answer, String line) {
    try {
      Request request = new Request(Json.object(line));
      return answer.apply(request);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // The boundary of one request: whatever it throws ends that request only.
      return Map.of("error", Failures.sentence(e));
    }
  }
}
