package io.kvasir.eval.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {
  @TempDir Path folder;

  @Test
  void aFileEqualsItself() {
    Path a = filled("a", "r1", "abc1234", 0.5);
    assertThat(Diff.of(a, a)).hasSize(Row.TABLES.size()).allMatch(TableDiff::same);
  }

  @Test
  void runsAndBuildsAreNamesAndNoResults() {
    Path a = filled("a", "r1", "abc1234", 0.5);
    Path b = filled("b", "r2", "fed4321", 0.5);
    assertThat(Diff.of(a, b))
        .filteredOn(diff -> !diff.same())
        .extracting(TableDiff::table)
        .containsExactly("run");
  }

  @Test
  void whatDiffersIsCountedAndShown() {
    Path a = filled("a", "r1", "abc1234", 0.5);
    Path b = filled("b", "r1", "abc1234", 0.25);
    try (Results results = Results.open(b)) {
      results.put(Rows.cell(7, 1));
    }
    List<TableDiff> found = Diff.of(a, b);
    assertThat(of("answer", found))
        .isEqualTo(
            new TableDiff(
                "answer",
                0,
                1,
                1,
                Map.of("score", 1L),
                List.of("m1 p1 i000000-0 blind exact: score 0.5 -> 0.25")));
    assertThat(of("item", found).onlyB()).isEqualTo(1);
    assertThat(of("item", Diff.of(b, a)).onlyA()).isEqualTo(1);
    assertThat(of("summary", found).columns()).containsOnlyKeys("value");
  }

  @Test
  void theNewestRunCounts() {
    Path a = filled("a", "r1", "abc1234", 0.5);
    Path b = filled("b", "r1", "abc1234", 0.25);
    fill(b, "r2", "fed4321", 0.5);
    assertThat(Diff.of(a, b).stream().filter(TableDiff::isResult)).allMatch(TableDiff::same);
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    Path a = filled("a", "r1", "abc1234", 0.5);
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Diff.of(a, none))
        .isInstanceOf(InputException.class)
        .hasMessage(none + " does not exist; expected a results.duckdb");
  }

  private Path filled(String name, String run, String build, double score) {
    Path file = folder.resolve(name);
    fill(file, run, build, score);
    return file;
  }

  /** One context and one summary; run r2 starts after r1. */
  private static void fill(Path file, String run, String build, double score) {
    Instant started = Rows.RUN.started().plusSeconds(run.equals("r1") ? 0 : 60);
    AnswerRow answer = Rows.answer(0, 0, score);
    Cell.Key key = new Cell.Key(build, "m1", "p1", "blind", "exact");
    try (Results results = Results.open(file)) {
      results.put(new RunRow(run, started, "done", build, false, "kvasir eval", 1, "{}"));
      results.put(
          new Cell(
              key,
              List.of(Rows.item(0, 0)),
              List.of(
                  new AnswerRow(
                      build,
                      "m1",
                      "p1",
                      answer.itemSha(),
                      "blind",
                      "exact",
                      answer.text(),
                      answer.score(),
                      answer.goldLnp(),
                      answer.goldArgmax(),
                      answer.flip(),
                      answer.codedShare(),
                      answer.error())),
              List.of()));
      OptionalDouble none = OptionalDouble.empty();
      results.put(
          new SummaryRow(
              run, "m1", "p1", "kv", 4096, "blind", "exact", "score", 1, score, none, none, none,
              none, none, none, false));
    }
  }

  private static TableDiff of(String table, List<TableDiff> diffs) {
    return diffs.stream().filter(diff -> diff.table().equals(table)).findFirst().orElseThrow();
  }
}
