package io.kvasir.eval.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Recipe;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FittingTest {
  /** A word is a token. */
  private static Recipe recipe(Protocol protocol) {
    return new Recipe(
        1,
        100,
        0,
        protocol,
        4,
        text -> text.isBlank() ? 0 : text.strip().split("\\s+").length,
        Corpus.of("none", "none"));
  }

  /** {@code words} words and two questions of 1 + 1 + 5 tokens. */
  private static Document document(String place, int words) {
    String context =
        IntStream.range(0, words).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    return new Document(
        place,
        "data",
        context,
        List.of(
            Asked.question("a?", " b", List.of("1"), 5, Metric.F1),
            Asked.question("c?", " d", List.of("2"), 5, Metric.F1)),
        false);
  }

  @Test
  void whatIsTooLongIsLeftOutAndCounted() {
    Fitting fitting =
        Fitting.of(
            List.of(document("f:1", 89), document("f:2", 90)), recipe(Protocol.BLIND), false);
    assertThat(fitting.items()).extracting(Item::number).containsExactly(0);
    assertThat(fitting.tooLong()).containsExactly("f:2");
    assertThat(fitting.truncated()).isEmpty();
  }

  @Test
  void inTurnsAllQuestionsMustFit() {
    Fitting fitting =
        Fitting.of(
            List.of(document("f:1", 78), document("f:2", 79)), recipe(Protocol.TURNS), false);
    assertThat(fitting.tooLong()).containsExactly("f:2");
  }

  @Test
  void theMiddleIsCutWhereTheUserAsksForIt() {
    Fitting fitting = Fitting.of(List.of(document("f:1", 500)), recipe(Protocol.BLIND), true);
    String context = fitting.items().getFirst().context();
    assertThat(fitting.truncated()).containsExactly("f:1");
    assertThat(context).startsWith("w0 w1 ").contains("\n[...]\n").endsWith(" w498 w499");
    assertThat(context.split("\\s+")).hasSizeBetween(85, 89);
  }

  @Test
  void whatHasNoRoomAtAllIsLeftOutEvenThen() {
    Recipe small =
        new Recipe(1, 10, 0, Protocol.BLIND, 4, String::length, Corpus.of("none", "none"));
    Fitting fitting = Fitting.of(List.of(document("f:1", 50)), small, true);
    assertThat(fitting.items()).isEmpty();
    assertThat(fitting.tooLong()).containsExactly("f:1");
  }
}
