package io.kvasir.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * Batch mode: one JSON object per line on standard input, one per line on standard output, in the
 * same order. A bad line is answered with {@code {"error": "one sentence"}}; the rest is still
 * done. An answer is written whole or not at all.
 */
final class Batch {
  /** No prompt is that long; without a limit one endless line would end all the others. */
  static final int LONGEST_LINE = 1 << 28;

  private Batch() {}

  /** Answers a request. */
  interface Answer {
    /**
     * @param interrupts to be checked while the model works
     */
    Object to(Request request, Interrupts interrupts);
  }

  /**
   * Answers every line of standard input.
   *
   * @throws CancellationException on Ctrl-C; the answers before are out
   */
  static void run(Answer answer) {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    InputStream in = new BufferedInputStream(System.in);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      while (readLine(in, line)) {
        if (line.size() > 0 && !line.toString(StandardCharsets.UTF_8).isBlank()) {
          write(out, answer, line.toByteArray());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("standard input broke off", e);
    }
  }

  private static void write(PrintStream out, Answer answer, byte[] line) throws IOException {
    // Ctrl-C while waiting for input ends the process; here it must not tear a line.
    try (Interrupts interrupts = Interrupts.listen()) {
      out.println(Json.line(answer(answer, line, interrupts)));
      if (out.checkError()) {
        throw new IOException("standard output was closed");
      }
      interrupts.check();
    }
  }

  private static Object answer(Answer answer, byte[] line, Interrupts interrupts) {
    try {
      if (line.length > LONGEST_LINE) {
        throw new UsageException(
            "a line has more than " + LONGEST_LINE + " bytes; expected one request per line");
      }
      return answer.to(new Request(Json.object(Utf8Text.decode(line, "the line"))), interrupts);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // The boundary of one request: whatever it throws ends that request only.
      return Map.of("error", Failures.sentence(e));
    }
  }

  /** Reads up to a newline; of a line that is too long, one byte too many and no more is kept. */
  private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    line.reset();
    int next = in.read();
    if (next < 0) {
      return false;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() <= LONGEST_LINE) {
        line.write(next);
      }
    }
    return true;
  }
}
