package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs command lines in this process, with standard input, output and error of their own. */
final class Cli {
  private Cli() {}

  record Ran(int exit, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }

    /** Answer {@code i} of a batch. */
    Map<String, Object> answer(int i) {
      return Json.object(lines().get(i));
    }

    Map<String, Object> json() {
      return Json.object(out);
    }
  }

  /** What stands in a JSON object under a key; its type is for the caller to know. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T> T at(Map<String, Object> json, String key) {
    return (T) Objects.requireNonNull(json.get(key), key);
  }

  static Ran run(String... arguments) {
    return run(new byte[0], arguments);
  }

  /** A batch: each line becomes a line of standard input. */
  static Ran batch(List<String> lines, String... arguments) {
    return run(String.join("\n", lines).getBytes(UTF_8), arguments);
  }

  static synchronized Ran run(byte[] input, String... arguments) {
    InputStream in = System.in;
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setIn(new ByteArrayInputStream(input));
      System.setOut(new PrintStream(outBytes, true, UTF_8));
      System.setErr(new PrintStream(errBytes, true, UTF_8));
      int exit = Main.run(arguments);
      return new Ran(exit, outBytes.toString(UTF_8), errBytes.toString(UTF_8));
    } finally {
      System.setIn(in);
      System.setOut(out);
      System.setErr(err);
    }
  }
}
