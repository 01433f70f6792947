package io.kvasir.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Models;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.eval.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every task. */
class TaskContractTest {
  static Stream<Task> tasks() {
    return Stream.concat(
        Tasks.all().stream(), Tasks.parse("passkey(digits=64),vt(hops=1),vt(hops=2)").stream());
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void fillsItsContextToWithinTwoPercent(Task task) {
    for (int ctx : List.of(2048, 8192)) {
      checkFilled(task, Recipes.of(3, ctx, 5, Protocol.BLIND));
    }
    checkFilled(task, Recipes.of(3, 4096, 5, Protocol.TURNS));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  @Tag("model")
  void fillsItWithRealTokensToo(Task task) {
    try (GgufFile file = GgufFile.open(Models.require("smollm2-135m-instruct"))) {
      Tokenizer tokenizer = Tokenizer.from(file.metadata());
      TokenCounter tokens = text -> tokenizer.encode(text, false).length;
      checkFilled(task, new Recipe(1, 2048, 0, Protocol.BLIND, 30, tokens, Recipes.PROSE));
    }
  }

  private static void checkFilled(Task task, Recipe recipe) {
    Item item = task.item(recipe);
    int used = recipe.tokens().count(item.context()) + recipe.ctx() - recipe.room(item.questions());
    assertThat(used).isBetween((int) (0.98 * recipe.ctx()), recipe.ctx());
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void isDeterminedByItsRecipe(Task task) {
    Item item = task.item(Recipes.of(2048, 1));
    assertThat(task.item(Recipes.of(2048, 1))).isEqualTo(item);
    assertThat(task.item(Recipes.of(2048, 2)).context()).isNotEqualTo(item.context());
    assertThat(item.task()).isEqualTo(task.name());
    assertThat(Tasks.parse(task.name())).containsExactly(task);
    Set<String> identities = new HashSet<>();
    for (int q = 0; q < item.questions().size(); q++) {
      identities.add(item.digest(q));
    }
    assertThat(identities).hasSameSizeAs(item.questions());
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void itsAnswersAreRightAndOthersAreNot(Task task) {
    for (Question question : task.item(Recipes.of(4096, 0)).questions()) {
      if (question.metric() == Metric.LIKELIHOOD) {
        assertThat(question.score("anything")).isNaN();
      } else {
        assertThat(question.score(question.answer())).isEqualTo(1);
        assertThat(question.score("I do not know."))
            .isLessThanOrEqualTo(question.metric() == Metric.EDIT ? 0.6 : 0);
        assertThat(question.score("")).isZero();
        assertThat(Recipes.TOKENS.count(question.answer()))
            .isLessThanOrEqualTo(question.answerTokens());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void whatIsAskedStandsInTheContext(Task task) {
    Item item = task.item(Recipes.of(4096, 7));
    for (Question question : item.questions()) {
      if (question.metric() != Metric.EDIT) { // a line to be written stands nowhere yet
        assertThat(question.gold()).allMatch(item.context()::contains);
      }
      question.depth().ifPresent(depth -> assertThat(depth).isBetween(0.0, 1.0));
    }
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void tooShortAContextIsRefused(Task task) {
    assertThatThrownBy(() -> task.item(Recipes.of(32, 0)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(task.name() + ": ctx 32 is too short: its smallest context has ");
  }
}
