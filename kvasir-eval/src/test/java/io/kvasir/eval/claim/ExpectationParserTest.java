package io.kvasir.eval.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationParserTest {
  private static final Set<String> PLANS = Set.of("A", "B", "f16");

  @Test
  void readsSidesAndSign() {
    Expectation read = ExpectationParser.parse("score(A) >= 0.98 * score(f16)", PLANS);
    assertThat(read.comparison()).isEqualTo(Comparison.AT_LEAST);
    assertThat(read.columns())
        .containsExactlyInAnyOrder(new Column(Metric.SCORE, "A"), new Column(Metric.SCORE, "f16"));
    assertThat(read.left().of(column -> 0.5)).isEqualTo(0.5);
    assertThat(read.right().of(column -> 0.5)).isEqualTo(0.49);
  }

  @ParameterizedTest
  @CsvSource({
    "kl(A) < 1 + 2 * 3, 7",
    "kl(A) < (1 + 2) * 3, 9",
    "kl(A) < 8 - 2 - 1, 5",
    "kl(A) < 8 / 2 / 2, 2",
    "kl(A) < -2 + 3, 1",
    "kl(A) < 2 * -3, -6",
    "kl(A) < 50% * 4, 2",
    "kl(A)<1.5, 1.5",
  })
  void computesAsPeopleDo(String text, double right) {
    assertThat(ExpectationParser.parse(text, PLANS).right().of(column -> 0)).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "score(C) > 1 | unknown plan \"C\" in \"score(C) > 1\", nearest: A, B; known: A, B, f16",
        "skore(A) > 1 | unknown metric \"skore\" in \"skore(A) > 1\", nearest: score; known: bytes,"
            + " decode, kl, nll, r, rss, score, top1, ttft",
        "score(A) | \"score(A)\": expected one of < <= > >= at its end",
        "score(A) = 1 | \"score(A) = 1\": \"= 1\" at character 9 is no number, metric, plan or sign",
        "score(A) > 1 2 | \"score(A) > 1 2\": expected its end in place of \"2\" at character 14",
        "score A > 1 | \"score A > 1\": expected \"(\" in place of \"A\" at character 7",
        "1 < 2 | \"1 < 2\" compares numbers; expected a metric of a plan",
        "> 2 | \"> 2\": expected a metric in place of \">\" at character 1",
      })
  void refusesWhatIsNoExpectation(String text, String message) {
    assertThatThrownBy(() -> ExpectationParser.parse(text, PLANS))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void refusesWhatNobodyWouldWrite() {
    assertThatThrownBy(() -> ExpectationParser.parse("(".repeat(400), PLANS))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("is nested deeper than 16");
    assertThatThrownBy(() -> ExpectationParser.parse("-".repeat(501), PLANS))
        .hasMessage("the expectation has 501 characters; expected at most 500");
  }
}
