package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.kvasir.engine.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerplexityCommandTest {
  @TempDir static Path temp;
  private static String model = "";
  private static String text = "";

  @BeforeAll
  static void writeFiles() throws IOException {
    model = TinyModel.writer().write(temp.resolve("tiny.gguf")).toString();
    text = Files.writeString(temp.resolve("text"), "abcdefghij".repeat(20) + "\n").toString();
  }

  @Test
  void measuresChunksOfTheFile() {
    Map<String, Object> result = run("--chunk-tokens", "50", "--json").json();
    assertThat(result)
        .containsEntry("plan", "f16")
        .containsEntry("prefill", "coded")
        .containsEntry("precision", "exact")
        .containsEntry("chunks", 4L)
        .containsEntry("chunk_tokens", 50L)
        .containsEntry("scored_tokens", 4 * 24L)
        .containsEntry("divergence", null);
    assertThat(result.get("perplexity")).asInstanceOf(MAP).containsOnlyKeys("value", "error");
  }

  @Test
  void comparesWithF16UnlessToldOtherwise() {
    Cli.Ran ran = run("--chunk-tokens", "50", "--chunks", "1", "--kv", "q4", "--kl");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .startsWith("1 chunks of 50 tokens, 24 tokens scored, plan q4, prefill coded")
        .contains("\nperplexity ", "\nof f16 ", "\nKL divergence ", "\nsame top token ");
    Map<String, Object> f32 = run("--chunk-tokens", "50", "--kl", "f32", "--json").json();
    assertThat(f32.get("divergence")).extracting("base").isEqualTo("f32");
  }

  @Test
  void wrongInputIsOneSentence() {
    assertThat(run("--chunk-tokens", "3").err())
        .isEqualTo("kvasir: chunk-tokens=3 must be at least 4\n");
    assertThat(run("--chunk-tokens", "300").err())
        .isEqualTo("kvasir: the text has 201 tokens; expected at least one chunk of 300\n");
    assertThat(run("--prefill", "never").err()).contains("prefill mode \"never\" is unknown");
    Cli.Ran folder = Cli.run("perplexity", "-m", model, "--file", temp.toString());
    assertThat(folder)
        .isEqualTo(new Cli.Ran(2, "", "kvasir: cannot read " + temp + ": Is a directory\n"));
  }

  private static Cli.Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("perplexity", "-m", model, "--file", text));
    all.addAll(List.of(arguments));
    return Cli.run(all.toArray(String[]::new));
  }
}
