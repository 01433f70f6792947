package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.engine.Models;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sends a real Ctrl-C to a real process that generates from a real model. */
@Tag("model")
class InterruptTest {
  private String model = "";

  @BeforeEach
  void findModel() throws Exception {
    model = Models.require("smollm2-135m-instruct").toString();
    Process shell = new ProcessBuilder("sh", "-c", "kill -INT $$; exit 0").start();
    assumeTrue(shell.waitFor() != 0, "SIGINT is ignored here, and what we start inherits that");
  }

  @Test
  void endsAGenerationAndKeepsWhatThereIs() throws Exception {
    Process process =
        new KvasirProcess(Map.of())
            .start(
                "generate",
                "-m",
                model,
                "--text",
                "One day",
                "--ignore-eos",
                "--max-tokens",
                "8000");
    try {
      InputStream out = process.getInputStream();
      String first = new String(out.readNBytes(20), UTF_8);
      interrupt(process);
      String rest = new String(out.readAllBytes(), UTF_8);
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(Interrupts.EXIT_CODE);
      assertThat(first + rest).endsWith("\n").doesNotContain("\ufffd");
      assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
          .doesNotContain("kvasir:", "Exception");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void endsABatchAfterAWholeLine() throws Exception {
    Process process = new KvasirProcess(Map.of()).start("generate", "-m", model, "--jsonl");
    try {
      String line = "{\"text\": \"One day\", \"ignore_eos\": true, \"max_tokens\": %d}\n";
      process.getOutputStream().write((line.formatted(2) + line.formatted(8000)).getBytes(UTF_8));
      process.getOutputStream().flush();
      InputStream out = process.getInputStream();
      Map<String, Object> first = Json.object(readLine(out));
      Thread.sleep(500); // into the second answer
      interrupt(process);
      String second = new String(out.readAllBytes(), UTF_8);
      assertThat(process.waitFor()).isEqualTo(Interrupts.EXIT_CODE);
      assertThat(first).containsEntry("finish_reason", "length");
      if (!second.isEmpty()) { // on a slow machine Ctrl-C comes before its first token
        assertThat(Json.object(second)).containsEntry("finish_reason", "cancelled");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }
}
