package io.kvasir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactTest {
  private static final Fact VIOLIN =
      new Fact("The violin was sold for 62390 dollars.", "For how many dollars?", "62390");

  @ParameterizedTest
  @ValueSource(strings = {"62390", "It was sold for 62390.", "$62,390", "(62390)", "62390 dollars"})
  void anAnswerWithTheNumberIsFound(String answer) {
    assertThat(VIOLIN.isIn(answer)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6239", "162390", "623900", "62 390", "6,2390", "sixty thousand"})
  void anAnswerWithAnotherNumberIsNot(String answer) {
    assertThat(VIOLIN.isIn(answer)).isFalse();
  }

  @Test
  void eachSentenceTellsItsOwnNumberAndNoOther() {
    for (Fact fact : Fact.ALL) {
      assertThat(Fact.ALL).filteredOn(other -> other.isIn(fact.sentence())).containsExactly(fact);
      assertThat(Fact.ALL).noneMatch(other -> other.isIn(fact.question()));
    }
  }
}
