package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import io.kvasir.engine.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskCommandTest {
  @TempDir Path temp;
  private String model = "";
  private String document = "";

  @BeforeEach
  void write() throws IOException {
    model = SmallModel.write(temp.resolve("small.gguf"), 512).toString();
    document =
        Files.writeString(temp.resolve("document.txt"), "What is written here. ".repeat(10) + "\n")
            .toString();
  }

  @Test
  void printsTheAnswerAloudAndTheFiguresAside() {
    Cli.Ran ran = ask("--file", document, "--max-tokens", "5", "What?");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).endsWith("\n").doesNotContain("What?").doesNotContain("tok/s");
    assertThat(ran.err())
        .containsPattern("document.txt read in \\d+\\.\\d s: 2\\d\\d tokens, cache \\d+ kB \\(")
        .containsPattern("first token after \\d+\\.\\d\\d s, then \\d+\\.\\d tok/s\n$");
  }

  @Test
  void severalQuestionsAreAskedAfterOneReadingAndDoNotSeeEachOther() {
    Map<String, Object> both = json("--file", document, "First?", "Second?");
    Map<String, Object> second = json("--file", document, "Second?");
    List<Map<String, Object>> answers = Cli.at(both, "answers");
    assertThat(answers).hasSize(2);
    assertThat(answers.get(0)).containsEntry("question", "First?");
    List<Map<String, Object>> alone = Cli.at(second, "answers");
    for (String key : List.of("question", "answer", "ids", "finish_reason")) {
      assertThat(answers.get(1).get(key)).as(key).isEqualTo(alone.getFirst().get(key));
    }
  }

  @Test
  void eachAnswerStandsBelowItsQuestion() {
    Cli.Ran ran = ask("--file", document, "--max-tokens", "3", "First?", "Second?");
    assertThat(ran.out()).startsWith("> First?\n").containsPattern("(?s)\n> Second\\?\n.+\n$");
  }

  @Test
  void theCacheIsWhatThePlanLeft() {
    Map<String, Object> result =
        json("--file", document, "--kv", "streaming-llm(keep=30)|q8", "What?");
    assertThat(result)
        .containsEntry("model", "small")
        .containsEntry("precision", "fast")
        .containsEntry("seed", 0L)
        .containsEntry("document", document)
        .containsKeys("fingerprint", "read_seconds", "products");
    Map<String, Object> kv = Cli.at(result, "kv");
    assertThat(kv).containsEntry("pairs", 4 * 30L);
    assertThat((Long) kv.get("tokens")).isBetween(220L, 240L);
    assertThat(kv.get("plan")).asString().startsWith("streaming-llm(keep=30,").endsWith("| q8");
  }

  @Test
  void theDocumentMayBePipedIn() {
    Cli.Ran ran =
        Cli.run("A text.".getBytes(UTF_8), "ask", "-m", model, "--max-tokens", "2", "What?");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).startsWith("standard input read in ");
  }

  @Test
  void aModelWithoutTemplateIsSaidToReadPlainText() {
    Path plain = SmallModel.writer("llama", 512).write(temp.resolve("plain.gguf"));
    Cli.Ran ran =
        Cli.run("ask", "-m", plain.toString(), "-f", document, "--max-tokens", "2", "One?", "Two?");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).containsOnlyOnce("plain has no chat template");
  }

  @Test
  void controlCharactersAndNewlinesOfANameDoNotReachStandardError() {
    Cli.Ran ran = ask("--file", temp + "/\u001b[31m\nx", "What?");
    assertThat(ran.err()).isEqualTo("kvasir: no file at " + temp + "/\\u001b[31m\\nx\n");
  }

  @Test
  void whatCannotBeReadIsRefusedInOneSentence() throws IOException {
    String book = Files.writeString(temp.resolve("book.txt"), "x".repeat(2_000)).toString();
    refuses("book.txt has 2000 tokens, the context of small holds 512", "-f", book, "What?");
    refuses("the context of small holds 100", "-f", document, "--ctx", "100", "What?");
    String pdf = Files.writeString(temp.resolve("book.pdf"), "%PDF-1.4").toString();
    refuses("book.pdf is a PDF", "-f", pdf, "What?");
    refuses(temp + " is a directory", "-f", temp.toString(), "What?");
    refuses("no file at " + temp + "/absent", "-f", temp + "/absent", "What?");
    refuses("question 2 is empty", "-f", document, "What?", " ");
    refuses("Missing required parameter: 'QUESTION'", "-f", document);
    refuses("unknown method \"qq\"", "-f", document, "--kv", "qq", "What?");
    refuses("max-tokens=-1", "-f", document, "--max-tokens=-1", "What?");
  }

  @Test
  void aQuestionThatNoLongerFitsIsRefusedWithBothNumbers() throws IOException {
    String full = Files.writeString(temp.resolve("full.txt"), "x".repeat(480)).toString();
    Cli.Ran ran = ask("-f", full, "?".repeat(40));
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err().lines().reduce((a, b) -> b).orElse(""))
        .startsWith("kvasir: ")
        .contains(" tokens and 52 more do not fit, the context holds 512");
  }

  @Test
  void whatTheTemplateRefusesIsSaidInItsWords() {
    GgufWriter strict =
        SmallModel.writer("llama", 512)
            .string(
                "tokenizer.chat_template",
                "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}"
                    + "{% endif %}{{ messages[0].content }}");
    Path path = strict.write(temp.resolve("strict.gguf"));
    Cli.Ran ran =
        Cli.run("ask", "-m", path.toString(), "-f", document, "--system", "Be kind.", "What?");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("no system");
  }

  @Test
  @Tag("model")
  void smolLm2FindsAPlantedNumber() throws IOException {
    String prose = "The river went by the mill, and the miller slept in the sun. ";
    String text = prose.repeat(15) + "The secret number of the miller is 4831. " + prose.repeat(15);
    String file = Files.writeString(temp.resolve("mill.txt"), text).toString();
    String real = Models.require("smollm2-135m-instruct").toString();
    for (String plan : List.of("f16", "q8")) {
      Cli.Ran ran =
          Cli.run(
              "ask",
              "-m",
              real,
              "-f",
              file,
              "--kv",
              plan,
              "--max-tokens",
              "30",
              "What is the secret number of the miller?");
      assertThat(ran.out()).as(plan).contains("4831");
    }
  }

  private void refuses(String sentence, String... arguments) {
    Cli.Ran ran = ask(arguments);
    assertThat(ran.exit()).as(sentence).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("kvasir: ").contains(sentence).hasLineCount(1);
  }

  private Map<String, Object> json(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--json", "--max-tokens", "5"));
    all.addAll(List.of(arguments));
    return ask(all.toArray(String[]::new)).json();
  }

  private Cli.Ran ask(String... arguments) {
    List<String> all = new ArrayList<>(List.of("ask", "--model", model));
    all.addAll(List.of(arguments));
    return Cli.run(all.toArray(String[]::new));
  }
}
