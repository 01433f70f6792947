package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

class EvalKldCommandTest {
  @TempDir static Path temp;
  private static String model = "";
  private static String text = "";

  @BeforeAll
  static void writeFiles() throws IOException {
    model = TinyModel.writer().write(temp.resolve("tiny.gguf")).toString();
    text = Files.writeString(temp.resolve("text"), "abcdefghij".repeat(20) + "\n").toString();
  }

  @Test
  void tellsWhatLlamaTells() {
    Cli.Ran ran = run("--file", text, "--ctx", "50", "--chunks", "3", "--kv", "q4_0");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.lines())
        .startsWith(
            "tiny, 3 chunks of 50 tokens, 72 scored, plan q4_0, base f16, prefill coded, precision"
                + " fast",
            "====== Perplexity statistics ======")
        .anyMatch(line -> line.matches("Mean {4}KLD: +[0-9.]+ ± +[0-9.]+"))
        .anyMatch(line -> line.matches("Same top p: +[0-9.]+ ± [0-9.]+ %"));
  }

  @Test
  void aBaseThatIsNotThereIsWrittenAndLaterRead() throws IOException {
    String base = temp.resolve("base.kld").toString();
    Map<String, Object> without =
        run("--file", text, "--ctx", "50", "--kv", "q4_0", "--json").json();
    Map<String, Object> written =
        run("--file", text, "--ctx", "50", "--base", base, "--kv", "q4_0", "--json").json();
    byte[] bytes = Files.readAllBytes(Path.of(base));
    Map<String, Object> read = run("--base", base, "--kv", "q4_0", "--json").json();
    assertThat(bytes).hasSize(20 + 4 * 200 + 4 * 24 * (8 + 2 * 288));
    assertThat(written).isEqualTo(without);
    read.remove("setting");
    written.remove("setting");
    assertThat(read).isEqualTo(written);
    assertThat(Path.of(base)).hasBinaryContent(bytes);
  }

  @Test
  void f16IsNoWorseThanItsFloor() {
    Map<String, Object> result = run("--file", text, "--ctx", "50", "--json").json();
    Map<String, Object> kl = Cli.at(result, "kl");
    Map<String, Object> floor = Cli.at(result, "floor");
    assertThat((Object) Cli.at(kl, "mean")).isEqualTo(Cli.at(floor, "kl"));
  }

  @Test
  void wrongInputIsOneSentenceAndLoadsNoModel() throws IOException {
    String base = temp.resolve("other.kld").toString();
    run("--file", text, "--ctx", "50", "--base", base);
    refuses("--file is missing: there is no --base yet that holds a text");
    refuses("ctx=3 must be at least 4 tokens", "--file", text, "--ctx", "3");
    refuses("chunks=0 must be at least 1", "--file", text, "--chunks", "0");
    refuses(base + " has chunks of 50 tokens, not of 40", "--base", base, "--ctx", "40");
    refuses(base + " has 4 chunks, not 5", "--base", base, "--chunks", "5");
    refuses(
        "a context of 600 tokens is more than the 512 that tiny was made for",
        "--file",
        text,
        "--ctx",
        "600");
    String another = Files.writeString(temp.resolve("another"), "bcd".repeat(80)).toString();
    refuses(
        base
            + " is of another text or tokenizer: token 1 of chunk 0 is 260 there and 261 in the text",
        "--base",
        base,
        "--file",
        another);
    refuses(
        text + " does not begin with \"_logits_\"; expected a .kld file of llama.cpp",
        "--base",
        text);
  }

  private static void refuses(String sentence, String... arguments) {
    assertThat(run(arguments)).isEqualTo(new Cli.Ran(2, "", "kvasir: " + sentence + "\n"));
  }

  private static Cli.Ran run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("eval", "kld", "-m", model));
    all.addAll(List.of(arguments));
    return Cli.run(all.toArray(String[]::new));
  }
}
