package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.Digest;
import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.ItemRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over the user's own data, on a model that knows nothing. */
class EvalDataTest {
  @TempDir private static Path folder;
  private static Path model = Path.of("");

  @BeforeAll
  static void writeAModel() {
    model = SmallModel.write(folder.resolve("small.gguf"), 4096);
  }

  @Test
  @Tag("slow")
  void documentsAreAskedScoredAndLeftOutWhereTheyAreTooLong() throws IOException {
    String data =
        data(
            "long.jsonl",
            kvpress("The number is 7.", "7"),
            kvpress("blue ".repeat(200), "blue"),
            kvpress("The word is red.", "red"));
    Cli.Ran ran = eval("left-out", "q8", "--data", data, "--ctx", "512");
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.err())
        .isEqualTo(
            "kvasir: ruler:long: 1 of 3 documents are too long for ctx 512 and left out: %s:2%n"
                .formatted(data));
    assertThat(ran.out()).contains("ruler:long, ctx 512, blind, prefill exact, 2 contexts");
    List<ItemRow> items = rows("left-out", ItemRow.class);
    assertThat(items).extracting(ItemRow::contextNo).containsExactlyInAnyOrder(0, 2);
    assertThat(rows("left-out", AnswerRow.class))
        .hasSize(2 * 3) // f16, no-context, q8
        .allSatisfy(row -> assertThat(row.score()).isPresent());
  }

  @Test
  void theMiddleIsCutWhereTheUserAsksForIt() throws IOException {
    String data = data("cut.jsonl", kvpress("blue ".repeat(200), "blue"));
    Cli.Ran ran =
        eval("cut", "q8", "--data", data, "--ctx", "512", "--truncate", "middle", "--dry-run");
    assertThat(ran.err())
        .isEqualTo(
            "kvasir: ruler:cut: 1 of 1 documents lose their middle at ctx 512: %s:1%n"
                .formatted(data));
    assertThat(ran.out()).startsWith("1 models, 3 plans and controls, tasks ruler:cut, ");
    Cli.Ran whole = eval("cut", "q8", "--data", data, "--ctx", "512");
    assertThat(whole.exit()).isEqualTo(2);
    assertThat(whole.err())
        .isEqualTo(
            ("kvasir: ruler:cut: none of 1 documents fits into ctx 512 with its questions"
                    + " (%s:1); expected a larger --ctx, or --truncate middle%n")
                .formatted(data));
  }

  @Test
  @Tag("slow")
  void aRulerFileIsAskedWithTheQuestionInTheContextOrSplit() throws IOException {
    String data =
        data("r.jsonl", "{\"input\": \"The key is 5. What is the key?\", \"outputs\": [\"5\"]}");
    Cli.Ran aware = eval("aware", "q8", "--data", data, "--ctx", "512");
    assertThat(aware.exit()).as(aware.err()).isZero();
    assertThat(rows("aware", AnswerRow.class))
        .allSatisfy(row -> assertThat(row.protocol()).isEqualTo("aware"));
    Cli.Ran split = eval("split", "q8", "--data", data, "--ctx", "512", "--split-at", "What is");
    assertThat(split.exit()).as(split.err()).isZero();
    assertThat(rows("split", AnswerRow.class))
        .allSatisfy(row -> assertThat(row.protocol()).isEqualTo("blind"));
    assertThat(eval("no", "q8", "--data", data, "--ctx", "512", "--protocol", "blind").err())
        .isEqualTo(
            "kvasir: ruler:r: its questions stand in the contexts, which protocol blind cannot ask;"
                + " expected aware, or --split-at REGEX\n");
  }

  @Test
  @Tag("slow")
  void aDocumentWithoutAnswersIsComparedWithF16() throws IOException {
    Path text = Files.writeString(folder.resolve("doc.txt"), "It was a dark night. ".repeat(9));
    Path questions = Files.writeString(folder.resolve("q.txt"), "When was it?\n\nWho was there?\n");
    Cli.Ran ran = eval("doc", "q8", "--doc", text.toString(), "--questions", questions.toString());
    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("doc:doc.txt, ctx 2048, blind, prefill exact, 1 contexts")
        .containsPattern("plan +NLL +PPL ratio +KL .* agrees +coded")
        .doesNotContain("no-context");
    List<AnswerRow> answers = rows("doc", AnswerRow.class);
    assertThat(answers)
        .hasSize(3 * 2) // f16, q8, and f32 for the floor
        .allSatisfy(row -> assertThat(row.score()).isPresent());
    assertThat(answers)
        .filteredOn(row -> row.planSha().equals(Digest.hex("f16")))
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.score()).hasValue(1));
    assertThat(rows("doc", DivergenceRow.class))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.klMean()).isNotNegative())
        .anySatisfy(row -> assertThat(row.klMean()).isPositive());
    Cli.Ran turns =
        eval(
            "doc",
            "q8",
            "--doc",
            text.toString(),
            "--questions",
            questions.toString(),
            "--protocol",
            "turns");
    assertThat(turns.exit()).isEqualTo(2);
    assertThat(turns.err()).contains("nobody knows the right answers, which protocol turns needs");
  }

  @Test
  void refusesInOneSentenceWhatIsWrongWithTheData() throws IOException {
    String good = data("good.jsonl", kvpress("text", "7"));
    assertThat(refused("--data", folder.resolve("none.jsonl").toString()))
        .isEqualTo(folder.resolve("none.jsonl") + " does not exist; expected a text file");
    String bad = data("bad.jsonl", kvpress("text", "7"), "{\"context\": \"a\", \"question\": 7}");
    assertThat(refused("--data", bad)).startsWith(bad + ":2: ").contains("question");
    assertThat(refused("--data", data("broken.jsonl", "{\"context\": ")))
        .startsWith(folder.resolve("broken.jsonl") + ":1: ");
    assertThat(refused("--data", good, "--format", "kvpres"))
        .startsWith("unknown format \"kvpres\", nearest: kvpress; known: ");
    assertThat(refused("--data", good, "--truncate", "end"))
        .contains("--truncate")
        .contains("end")
        .contains("MIDDLE");
    assertThat(refused("--data", good, "--split-at", "("))
        .contains("\"(\" is no regular expression: ");
    assertThat(refused("--format", "kvpress")).isEqualTo("--format needs --data, which is missing");
    assertThat(refused("--doc", good)).isEqualTo("--doc needs --questions, which is missing");
    assertThat(refused("--questions", good)).isEqualTo("--questions needs --doc, which is missing");
  }

  private static String refused(String... arguments) throws IOException {
    Cli.Ran ran = eval("refused", "q8", arguments);
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(folder.resolve("refused")).doesNotExist();
    return ran.err().strip().replaceFirst("^kvasir: ", "");
  }

  private static String kvpress(String context, String answer) {
    return "{\"context\": \"%s\", \"question\": \"What is it?\", \"answer_prefix\": \"It is\", \"answer\": [\"%s\"]}"
        .formatted(context, answer);
  }

  private static String data(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), Arrays.asList(lines)).toString();
  }

  private static <R extends Row> List<R> rows(String out, Class<R> type) {
    try (Results results = Results.read(folder.resolve(out).resolve("results.duckdb"))) {
      return results.rows(type);
    }
  }

  private static Cli.Ran eval(String out, String plan, String... more) throws IOException {
    Path plans = Files.writeString(folder.resolve("plans.txt"), plan);
    List<String> arguments =
        new ArrayList<>(List.of("eval", "--plans", plans.toString(), "-m", model.toString()));
    arguments.addAll(List.of("--out", folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(new String[0]));
  }
}
