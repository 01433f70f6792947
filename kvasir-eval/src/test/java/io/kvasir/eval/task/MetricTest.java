package io.kvasir.eval.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class MetricTest {
  /**
   * @param score recorded: LongBench's metrics.py with rouge 1.0.1 and fuzzywuzzy over difflib
   */
  record Recorded(Metric metric, String answer, String gold, List<String> classes, double score) {}

  static Stream<Recorded> recorded() throws IOException {
    try (InputStream in = MetricTest.class.getResourceAsStream("longbench-scores.jsonl")) {
      String lines = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      JsonMapper json = JsonMapper.shared();
      return lines.lines().map(line -> json.readValue(line, Recorded.class)).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void scoresAreLongBenchsOwn(Recorded one) {
    Question question = question(one.metric(), List.of(one.gold()), one.classes());
    assertThat(question.score(one.answer())).isCloseTo(one.score(), within(1e-12));
  }

  private static Question question(Metric metric, List<String> gold, List<String> candidates) {
    return new Question("", "", "", gold, candidates, OptionalDouble.empty(), 1, metric);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          EXACT       ! 48213            ! 1
          EXACT       ! ' "48213".'      ! 1
          EXACT       ! 48213 it is      ! 0
          EXACT       ! 482130           ! 0
          SHARE_FOUND ! it is 48213 maybe! 1
          ANY_FOUND   ! nothing          ! 0
          LINE_F1     ! 48213            ! 1
          """)
  void anAnswerIsTakenAsItIsMeant(Metric metric, String answer, double score) {
    assertThat(question(metric, List.of("48213"), List.of()).score(answer)).isEqualTo(score);
  }

  @Test
  void theFirstLineAloneIsExact() {
    Question question = question(Metric.EXACT, List.of("Dax"), List.of());
    assertThat(question.score("\n dax\nThing: other")).isEqualTo(1);
    assertThat(question.score("fep\ndax")).isZero();
  }

  @Test
  void aShareIsOfAllGoldsAndTheBestOfSeveralElsewhere() {
    List<String> gold = List.of("Anvil", "axe", "saw", "rake");
    assertThat(question(Metric.SHARE_FOUND, gold, List.of()).score("the AXE, an anvil"))
        .isEqualTo(0.5);
    assertThat(question(Metric.ANY_FOUND, gold, List.of()).score("the AXE")).isEqualTo(1);
    assertThat(question(Metric.EXACT, gold, List.of()).score("axe.")).isEqualTo(1);
    assertThat(question(Metric.F1, gold, List.of()).score("an axe")).isEqualTo(1);
  }

  @Test
  void linesCountAsOftenAsTheyStandThere() {
    Question question = question(Metric.LINE_F1, List.of("a", "b", "b"), List.of());
    assertThat(question.score("b\n\n a \nb\n")).isEqualTo(1);
    assertThat(question.score("b")).isCloseTo(0.5, within(1e-12)); // precision 1, recall 1/3
    assertThat(question.score("b\nb\nb\nb")).isCloseTo(4 / 7.0, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          B                          ! 1
          (B) because A is wrong     ! 1
          The correct answer is (B). ! 1
          A or B                     ! 0
          Bread                      ! 0
          """)
  void theFirstLetterIsTheChoice(String answer, double score) {
    assertThat(question(Metric.CHOICE, List.of("B"), List.of()).score(answer)).isEqualTo(score);
  }
}
