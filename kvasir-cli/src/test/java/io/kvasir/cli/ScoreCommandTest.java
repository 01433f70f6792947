package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.kvasir.engine.TinyModel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
  /** The prompt itself is read exactly, but the second text by a cache of another plan. */
  private static final Comparator<Double> WITHIN_F16 =
      (a, b) -> Math.abs(a - b) < 0.05 ? 0 : Double.compare(a, b);

  @TempDir static Path temp;
  private static String model = "";

  @BeforeAll
  static void writeModel() {
    model = TinyModel.writer().write(temp.resolve("tiny.gguf")).toString();
  }

  @Test
  void scoresEveryTokenButTheFirst() {
    Map<String, Object> scored = Cli.run("score", "-m", model, "--text", "abc", "--json").json();
    assertThat(scored)
        .containsOnlyKeys("ids", "nll", "top_ids", "top_logits", "prefill", "precision")
        .containsEntry("ids", List.of(1L, 260L, 261L, 262L))
        .containsEntry("precision", "exact");
    assertThat(scored.get("nll")).asInstanceOf(LIST).hasSize(3);
    assertThat(scored.get("top_ids")).asInstanceOf(LIST).hasSize(32).doesNotHaveDuplicates();
    assertThat(numbers(scored, "top_logits")).isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void theHumanTextHasTheSameFigures() {
    Map<String, Object> scored = Cli.run("score", "-m", model, "--text", "ab", "--json").json();
    List<Double> nll = numbers(scored, "nll");
    assertThat(Cli.run("score", "-m", model, "--text", "ab").out())
        .isEqualTo(
            """
                        "<s>"
            %10.4f  "a"
            %10.4f  "b"
            %10.4f  in all, 2 tokens after the first, exact
            """
                .formatted(-nll.get(0), -nll.get(1), -nll.get(0) - nll.get(1)));
  }

  @Test
  void whatThePromptLostIsSeenInTheRestAlone() {
    Cli.Ran ran =
        Cli.batch(
            List.of(
                "{\"text\": \"abcdefgh\"}",
                "{\"text\": \"abcdefgh\", \"prompt_tokens\": 5, \"kv\": \"knorm(keep=2)\"}",
                "{\"text\": \"abcdefgh\", \"prompt_tokens\": 10}",
                "{\"text\": \"abcdefgh\", \"prompt_tokens\": 0}"),
            "score",
            "-m",
            model,
            "--jsonl");
    List<Double> full = numbers(ran.answer(0), "nll");
    List<Double> cut = numbers(ran.answer(1), "nll");
    assertThat(cut.subList(0, 4)).usingElementComparator(WITHIN_F16).isEqualTo(full.subList(0, 4));
    assertThat(cut.subList(5, 8)).doesNotContainAnyElementsOf(full.subList(5, 8));
    assertThat(ran.answer(2).get("error"))
        .isEqualTo("prompt_tokens=10 must be 1 to 9, the length of the text");
    assertThat(ran.answer(3).get("error"))
        .isEqualTo("field \"prompt_tokens\" is 0; expected an integer from 1 to 2147483647");
  }

  private static List<Double> numbers(Map<String, Object> answer, String key) {
    List<?> list = (List<?>) answer.getOrDefault(key, List.of());
    return list.stream().map(x -> ((Number) x).doubleValue()).toList();
  }
}
