package io.kvasir.eval.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.eval.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  /** As promised to those who query the file; * = key. */
  private static final String SCHEMA =
      """
      run(run_id*, started, status, build, dirty, command, seed, spec)
      env(run_id*, os, cpu, cores, ram, jvm, flags, simd, onednn, threads, mem_gbs, gflops, load)
      model(model_sha*, name, arch, weights, layers, heads, kv_heads, head_dim, ctx_train)
      plan(plan_sha*, text, label, roles, tag)
      item(item_sha*, task, version, corpus_sha, ctx, seed, context_no, question_no, depth, n_ctx, n_q, gold)
      answer(build*, model_sha*, plan_sha*, item_sha*, protocol*, prefill*, text, score, gold_lnp, gold_argmax, flip, coded_share, error)
      divergence(build*, model_sha*, plan_sha*, item_sha*, protocol*, prefill*, bucket*, far*, n, nll, nll_f16, kl_mean, kl_p99, kl_max, top1)
      kept(build*, model_sha*, plan_sha*, item_sha*, protocol*, prefill*, seen, pairs, coded)
      fate(build*, model_sha*, plan_sha*, item_sha*, protocol*, prefill*, tokens, kept, coded, dropped)
      cost(run_id*, model_sha*, plan_sha*, ctx*, round*, kv_bytes, side_bytes, rss_peak, ttft_ms, compress_ms, prefill_tps, decode_tps)
      part(run_id*, model_sha*, plan_sha*, ctx*, part*, bytes)
      summary(run_id*, model_sha*, plan_sha*, task*, ctx*, protocol*, prefill*, metric*, n_contexts, value, f16, diff, lo, hi, p, p_holm, testable)
      claim(run_id*, claim_id*, claim_sha, model_sha*, ctx*, lhs, rhs, lo, hi, n, verdict, reason)
      """;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("results.duckdb");
  }

  @Test
  void theTablesAreThosePromised() {
    String tables =
        Table.ALL.stream()
            .map(
                table ->
                    "%s(%s)\n"
                        .formatted(
                            table.name(),
                            Table.list(table.columns(), c -> c.name() + (c.key() ? "*" : ""))))
            .collect(Collectors.joining());
    assertThat(tables).isEqualTo(SCHEMA);
  }

  @Test
  void everyRowComesBackAsItWasWritten() {
    try (Results results = Results.open(file)) {
      results.putAll(Rows.oneOfEach());
    }
    try (Results results = Results.read(file)) {
      List<Row> found =
          Row.TABLES.stream().<Row>flatMap(table -> results.rows(table).stream()).toList();
      assertThat(found).isEqualTo(Rows.oneOfEach());
    }
  }

  @Test
  void aRowReplacesTheOneWithItsKey() {
    RunRow done =
        new RunRow("r1", Rows.RUN.started(), "done", "abc1234", true, "kvasir eval", 1, "{}");
    try (Results results = Results.open(file)) {
      results.put(Rows.RUN);
      results.put(done);
      assertThat(results.rows(RunRow.class)).containsExactly(done);
    }
  }

  @Test
  void aCellReplacesWhatWasKnownOfItsItemsAndLeavesOthersAlone() {
    Cell failed =
        new Cell(
            Rows.key("p1"),
            List.of(Rows.item(0, 0)),
            List.of(Rows.failed(0, 0)),
            List.of(Rows.divergence(0, 0)),
            List.of(Rows.kept(0, 0)),
            List.of(Rows.fate(0, 0)));
    Cell better =
        new Cell(Rows.key("p1"), failed.items(), List.of(Rows.answer(0, 0, 1)), List.of());
    try (Results results = Results.open(file)) {
      results.put(failed);
      results.put(Rows.cell(1, 1));
      results.put(better);
      assertThat(results.rows(AnswerRow.class))
          .containsExactly(Rows.answer(0, 0, 1), Rows.answer(1, 0, 0.5));
      assertThat(results.rows(DivergenceRow.class)).containsExactly(Rows.divergence(1, 0));
      assertThat(results.rows(KeptRow.class)).containsExactly(Rows.kept(1, 0));
      assertThat(results.rows(FateRow.class)).containsExactly(Rows.fate(1, 0));
    }
  }

  @Test
  void anItemIsDoneOnceItHasAnAnswerOrADivergenceButNoError() {
    Cell mixed =
        new Cell(
            Rows.key("p1"),
            List.of(Rows.item(0, 0), Rows.item(0, 1), Rows.item(0, 2), Rows.item(0, 3)),
            List.of(Rows.answer(0, 0, 1), Rows.failed(0, 1)),
            List.of(Rows.divergence(0, 1), Rows.divergence(0, 2)));
    try (Results results = Results.open(file)) {
      results.put(mixed);
      assertThat(results.done(Rows.key("p1"))).containsOnly(Rows.sha(0, 0), Rows.sha(0, 2));
      assertThat(results.done(Rows.key("p2"))).isEmpty();
    }
  }

  @Test
  void aCellOfTwoKeysIsRefused() {
    assertThatThrownBy(
            () ->
                new Cell(
                    Rows.key("p2"),
                    List.of(Rows.item(0, 0)),
                    List.of(Rows.answer(0, 0, 1)),
                    List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new Cell(Rows.key("p1"), List.of(), List.of(Rows.answer(0, 0, 1)), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNewerSchemaIsRefused() throws SQLException {
    Results.open(file).close();
    sql("COMMENT ON TABLE run IS 'kvasir results 3'");
    refuses("%s has schema 3, this Kvasir knows up to 2; use a newer Kvasir");
  }

  @Test
  void anOlderSchemaGetsTheTablesThatItLacks() throws SQLException {
    try (Results results = Results.open(file)) {
      results.put(Rows.PLAN);
    }
    sql("DROP TABLE part; DROP TABLE kept");
    sql("COMMENT ON TABLE run IS 'kvasir results 1'");
    try (Results results = Results.read(file)) {
      assertThat(results.rows(PartRow.class)).isEmpty();
      assertThat(results.rows(KeptRow.class)).isEmpty();
      assertThat(results.rows(PlanRow.class)).containsExactly(Rows.PLAN);
    }
  }

  @Test
  void whatIsNotAFileOfResultsIsRefusedAndLeftAlone() throws SQLException, IOException {
    sql("CREATE TABLE shopping(bread INTEGER)");
    refuses("%s is a DuckDB database, but not one of results; expected a results.duckdb");
    Files.writeString(file, "not a database ".repeat(1000));
    refuses("%s is no DuckDB database; expected a results.duckdb");
    assertThat(file).hasContent("not a database ".repeat(1000));
  }

  @Test
  void aMissingFileIsMadeToWriteAndRefusedToRead() {
    assertThatThrownBy(() -> Results.read(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + " does not exist; expected a results.duckdb");
    assertThat(file).doesNotExist();
    assertThatThrownBy(() -> Results.open(folder.resolve("none/results.duckdb")))
        .hasMessageContaining("cannot be opened: IO Error: Cannot open file");
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Results.open(file).close();
    byte[] bytes = Files.readAllBytes(file);
    bytes[40] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> Results.open(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file + " is damaged: ");
  }

  @Test
  void aSecondWriterIsRefusedAndReadersShare() {
    String inUse =
        file + " is in use by this process already; close it first, or take another file";
    try (Results first = Results.open(file)) {
      assertThatThrownBy(() -> Results.open(file)).hasMessage(inUse);
      assertThatThrownBy(() -> Results.read(file)).hasMessage(inUse);
      first.put(Rows.RUN);
    }
    try (Results one = Results.read(file);
        Results two = Results.read(file)) {
      assertThat(one.rows(RunRow.class)).isEqualTo(two.rows(RunRow.class)).hasSize(1);
    }
  }

  @Test
  void aWriterInAnotherProcessIsNamedAndItsDeathLosesNothing() throws Exception {
    Process writer = ResultsWriter.start(file, ResultsWriter.NO_LIMIT);
    int acknowledged = 0;
    try (var lines = writer.inputReader()) {
      while (acknowledged < 20 && lines.readLine() != null) {
        acknowledged++;
      }
      refuses(
          "%s is in use by process "
              + writer.pid()
              + "; wait until that ends, or take another file");
    } finally {
      writer.destroyForcibly().waitFor();
    }
    assertThat(acknowledged).isEqualTo(20);
    assertWholeCells(acknowledged);
  }

  @Test
  void aFullDiskIsOneSentenceAndLosesNothing() throws Exception {
    Process writer = ResultsWriter.start(file, 400_000);
    List<String> lines;
    try (var reader = writer.inputReader()) {
      lines = reader.lines().toList();
    }
    int acknowledged = lines.size() - 1;
    assertThat(lines.getLast()).startsWith(file + ": ").doesNotContain("\n");
    assertThat(acknowledged).isPositive();
    assertWholeCells(acknowledged);
  }

  /** Each cell is there with all its rows or not at all, and at least those that were told. */
  private void assertWholeCells(int acknowledged) {
    try (Results results = Results.open(file)) {
      int questions = ResultsWriter.QUESTIONS;
      List<AnswerRow> answers = results.rows(AnswerRow.class);
      assertThat(answers.size() / questions).isGreaterThanOrEqualTo(acknowledged);
      assertThat(answers.size() % questions).isZero();
      assertThat(results.rows(ItemRow.class)).hasSameSizeAs(answers);
      assertThat(results.rows(DivergenceRow.class)).hasSameSizeAs(answers);
      results.put(Rows.cell(1_000_000, questions)); // and it goes on
      assertThat(results.done(Rows.key("p1"))).hasSize(answers.size() + questions);
    }
  }

  private void refuses(String message) {
    Stream.<Runnable>of(() -> Results.open(file), () -> Results.read(file))
        .forEach(
            open ->
                assertThatThrownBy(open::run)
                    .isInstanceOf(InputException.class)
                    .hasMessage(message.formatted(file)));
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = Database.write(file);
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }
}
