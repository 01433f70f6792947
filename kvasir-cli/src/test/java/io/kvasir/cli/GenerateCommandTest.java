package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.kvasir.engine.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drives a model of two layers and two KV heads: what it says is nonsense, but always the same. */
class GenerateCommandTest {
  @TempDir static Path temp;
  private static String model = "";
  private static String plain = "";

  @BeforeAll
  static void writeModels() {
    model = TinyModel.writer().write(temp.resolve("tiny.gguf")).toString();
    plain =
        TinyModel.writer()
            .without("tokenizer.chat_template")
            .write(temp.resolve("plain.gguf"))
            .toString();
  }

  @Test
  void printsTheContinuationAndNothingElse() {
    Cli.Ran json = generate("--text", "abc", "--json");
    Cli.Ran ran = generate("--text", "abc");
    assertThat(ran).isEqualTo(new Cli.Ran(0, json.json().get("text") + "\n", ""));
    assertThat(json.json())
        .containsOnlyKeys("ids", "text", "finish_reason", "kv", "prefill", "precision", "products")
        .containsEntry("finish_reason", "length")
        .containsEntry("prefill", "exact")
        .containsEntry("precision", "fast");
    assertThat(json.json().get("ids")).asInstanceOf(LIST).hasSize(12);
  }

  @Test
  void readsStandardInputWhenThereIsNoText() {
    String expected = generate("--text", "abc").out();
    assertThat(piped("abc\n").out()).isEqualTo(expected);
    assertThat(piped("abc", "--text", "-").out()).isEqualTo(expected);
  }

  @Test
  void tellsWhatTheCacheHolds() {
    Map<String, Object> full = generate("--text", "abcd", "--json").json();
    // BOS, 4 letters, and the tokens generated but the last, each in 2 layers and 2 heads
    assertThat(full.get("kv")).extracting("pairs").isEqualTo((5 + 11) * 2 * 2L);
    Map<String, Object> cut =
        generate("--text", "abcd", "--json", "--kv", "knorm(keep=2) | f32").json();
    assertThat(cut.get("kv")).extracting("pairs").isEqualTo((2 + 11) * 2 * 2L);
    assertThat(cut.get("kv")).extracting("plan").asString().startsWith("knorm(keep=2");
    assertThat(cut.get("kv")).extracting("bytes").isInstanceOf(Long.class);
  }

  @Test
  void sameSeedSameText() {
    String[] seven = {"--text", "abc", "--temperature", "1.5", "--seed", "7"};
    Cli.Ran first = generate(seven);
    assertThat(generate(seven)).isEqualTo(first);
    assertThat(generate(with(seven, "--threads", "1"))).isEqualTo(first);
    seven[5] = "8";
    assertThat(generate(seven).out()).isNotEqualTo(first.out());
  }

  @Test
  void aStopTextEndsTheAnswerAndIsNoPartOfIt() {
    String text = String.valueOf(generate("--text", "abc", "--json").json().get("text"));
    String stop = text.substring(text.length() / 2, text.length() / 2 + 2);
    Cli.Ran ran = generate("--text", "abc", "--json", "--stop", stop);
    assertThat(ran.json())
        .containsEntry("text", text.substring(0, text.indexOf(stop)))
        .containsEntry("finish_reason", "stop");
  }

  @Test
  void aModelWithoutAChatTemplateSaysSo() {
    Cli.Ran ran = Cli.run("generate", "-m", plain, "--message", "abc", "--max-tokens", "2");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err())
        .isEqualTo("kvasir: plain has no chat template; it reads the messages as plain text\n");
    assertThat(ran.out())
        .isEqualTo(Cli.run("generate", "-m", plain, "--text", "abc", "--max-tokens", "2").out());
    assertThat(generate("--message", "abc").err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          --text a --kv snapvk(keep=25%);  unknown method "snapvk"
          --text a --kv knorm(keep=0);     keep=0
          --text a --kv kivi(bits=3);      bits=3
          --text abcdefgh --ctx 8;         the prompt has 9 tokens, the context holds 8
          --text a --temperature -1;       temperature=-1.0 must be 0 to 100
          --text a --top-p 0;              top-p=0.0 must be above 0 and at most 1
          --text a --threads 0;            threads=0 must be 1 to 1024
          --text a --threads x;            Invalid value for option '--threads'
          --text a --top-k -1;             top-k=-1 must be 0 (all) or more
          --text a --precision double;     Invalid value for option '--precision'
          --text a --message b;            --text and --message exclude each other
          --text a --system b;             --system goes with --message
          --text a --jsonl;                with --jsonl the prompts stand in the lines
          """)
  void wrongInputIsOneSentenceAndExitCodeTwo(String arguments, String sentence) {
    Cli.Ran ran = generate(arguments.split(" "));
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("kvasir: ").contains(sentence).hasLineCount(1);
  }

  @Test
  void batchLinesAreAnsweredInOrder() {
    Cli.Ran ran =
        batch(
            "{\"text\": \"abc\", \"max_tokens\": 12}",
            "{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}",
            "{\"messages\": [{\"role\": \"user\"}]}",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"a\", \"name\": \"b\"}]}",
            "{\"messages\": []}",
            "{\"ids\": [1, 999]}",
            "{\"ids\": []}",
            "{\"ids\": [1], \"text\": \"a\"}",
            "{\"text\": \"a\", \"kv\": \"q9\"}",
            "{\"text\": \"a\", \"max_tokns\": 3}",
            "{\"text\": \"a\", \"stop\": [1]}",
            "{\"text\": \"a\", \"temperature\": -1}",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"abc\"}], \"max_tokens\": 12}");
    assertThat(ran.exit()).isZero();
    assertThat(ran.answer(0)).isEqualTo(generate("--text", "abc", "--json").json());
    assertThat(errors(ran, 1, 11))
        .containsExactly(
            "No tools here!",
            "\"messages\"[0] is no message; expected just {\"role\": text, \"content\": text}",
            "\"messages\"[0] is no message; expected just {\"role\": text, \"content\": text}",
            "\"messages\" is empty; expected at least one",
            "\"ids\"[1] is 999; expected a token id from 0 to 287",
            "the prompt is empty; expected at least one token",
            "expected either \"ids\" or \"text\"",
            "unknown method \"q9\"",
            "unknown field \"max_tokns\"",
            "field \"stop\" is [1]; expected a list of strings",
            "temperature=-1.0 must be 0 to 100");
    assertThat(ran.answer(12)).isEqualTo(generate("--message", "abc", "--json").json());
  }

  @Test
  void aLineOverridesTheOptions() {
    Cli.Ran ran =
        batch(
            "{\"text\": \"abc\", \"max_tokens\": 0}",
            "{\"text\": \"abc\", \"temperature\": 2, \"seed\": 5}",
            "{\"ids\": [1, 260, 261, 262], \"kv\": \"f32\"}");
    assertThat(ran.answer(0)).containsEntry("text", "").containsEntry("finish_reason", "length");
    assertThat(ran.answer(1))
        .isEqualTo(generate("--text", "abc", "--temperature", "2", "--seed", "5", "--json").json());
    assertThat(ran.answer(2)).isEqualTo(generate("--text", "abc", "--kv", "f32", "--json").json());
  }

  private static List<String> errors(Cli.Ran ran, int from, int to) {
    List<String> errors = new ArrayList<>();
    for (int i = from; i <= to; i++) {
      assertThat(ran.answer(i)).containsOnlyKeys("error");
      String error = String.valueOf(ran.answer(i).get("error"));
      errors.add(error.contains("unknown") ? error.split(";")[0] : error);
    }
    return errors;
  }

  private static Cli.Ran batch(String... lines) {
    return Cli.batch(List.of(lines), with(generating(), "--jsonl"));
  }

  private static Cli.Ran piped(String input, String... arguments) {
    return Cli.run(input.getBytes(UTF_8), with(generating(), arguments));
  }

  private static Cli.Ran generate(String... arguments) {
    return Cli.run(with(generating(), arguments));
  }

  private static String[] generating() {
    return new String[] {"generate", "-m", model, "--max-tokens", "12", "--ignore-eos"};
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
