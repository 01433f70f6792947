package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.run.Reading.Asked;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final Question QUESTION =
      new Question(
          "who?", "", " a", List.of("a"), List.of(), OptionalDouble.empty(), 4, Metric.EXACT);

  @Test
  void oneTextOfTwoModelsOrSizesIsTwoItems() {
    String first = sha(512, 20, 3);
    assertThat(sha(512, 20, 3)).isEqualTo(first);
    assertThat(List.of(sha(512, 21, 3), sha(512, 20, 4), sha(1024, 20, 3)))
        .doesNotContain(first)
        .doesNotHaveDuplicates();
  }

  private static String sha(int ctx, int contextTokens, int questionTokens) {
    Item item = new Item("data", 1, "", ctx, 1, 0, "text", List.of(QUESTION));
    int[] none = new int[0];
    Asked asked = new Asked(QUESTION, new int[questionTokens], none, none, List.of(), none, "");
    return new Reading(item, new int[contextTokens], List.of(asked)).sha(0);
  }
}
