package io.kvasir.eval.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
  private static Recipe recipe(Protocol protocol, int number) {
    return new Recipe(
        1,
        100,
        number,
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
  void whatIsTooLongIsLeftOut() {
    DataTask task = task(false, document("f:1", 89), document("f:2", 90));
    assertThat(task.has(recipe(Protocol.BLIND, 0))).isTrue();
    assertThat(task.item(recipe(Protocol.BLIND, 0)).number()).isZero();
    assertThat(task.has(recipe(Protocol.BLIND, 1))).isFalse();
    assertThatThrownBy(() -> task.item(recipe(Protocol.BLIND, 1)))
        .hasMessage("f:2 is too long for ctx 100");
    assertThat(task.has(recipe(Protocol.BLIND, 2))).isFalse();
  }

  @Test
  void inTurnsAllQuestionsMustFit() {
    DataTask task = task(false, document("f:1", 78), document("f:2", 79));
    assertThat(task.has(recipe(Protocol.TURNS, 0))).isTrue();
    assertThat(task.has(recipe(Protocol.TURNS, 1))).isFalse();
  }

  @Test
  void theMiddleIsCutWhereTheUserAsksForIt() {
    DataTask task = task(true, document("f:1", 500), document("f:2", 5));
    Item item = task.item(recipe(Protocol.BLIND, 0));
    assertThat(item.context()).startsWith("w0 w1 ").contains("\n[...]\n").endsWith(" w498 w499");
    assertThat(item.context().split("\\s+")).hasSizeBetween(85, 89);
    assertThat(task.isCut(item)).isTrue();
    assertThat(task.isCut(task.item(recipe(Protocol.BLIND, 1)))).isFalse();
  }

  @Test
  void whatHasNoRoomAtAllIsLeftOutEvenThen() {
    Recipe small =
        new Recipe(1, 10, 0, Protocol.BLIND, 4, String::length, Corpus.of("none", "none"));
    assertThat(task(true, document("f:1", 50)).has(small)).isFalse();
  }

  @Test
  void everyBenchmarkIsATaskOfItsOwn() {
    Document other = document("g:1", 5);
    List<DataTask> tasks =
        DataTask.of(
            List.of(
                document("f:1", 5),
                new Document("f:2", "else", "text", other.questions(), true),
                document("f:3", 5)),
            false);
    assertThat(tasks).extracting(DataTask::name).containsExactly("data", "else");
    assertThat(tasks).extracting(DataTask::contexts).containsExactly(2, 1);
    assertThat(tasks).extracting(DataTask::aware).containsExactly(false, true);
    assertThat(tasks.getFirst().place(1)).isEqualTo("f:3");
    assertThat(tasks.getFirst().continues()).isFalse();
  }

  private static DataTask task(boolean truncate, Document... documents) {
    return DataTask.of(List.of(documents), truncate).getFirst();
  }
}
