package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.eval.InputException;
import io.kvasir.eval.store.AnswerRow;
import io.kvasir.eval.store.DivergenceRow;
import io.kvasir.eval.store.FateRow;
import io.kvasir.eval.store.KeptRow;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.Row;
import io.kvasir.eval.store.SummaryRow;
import io.kvasir.eval.sweep.PlanFile;
import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sweep over a tiny model: what it says is nonsense, how it is asked and stored is real. */
class SweepRunTest {
  private static final long MUCH = 1L << 30;

  private static final Corpus PROSE =
      Corpus.of(
          "words",
          IntStream.range(0, 3000)
              .mapToObj(i -> i % 9 == 0 ? "so it goes on." : "word" + (char) ('a' + i * 7 % 26))
              .collect(Collectors.joining(" ")));

  @TempDir private static Path folder;
  private static Path file = Path.of("");
  private static Model model;

  @BeforeAll
  static void load() {
    file =
        TinyModel.writer().uint32("llama.context_length", 4096).write(folder.resolve("tiny.gguf"));
    model = Model.load(file, ModelOptions.DEFAULT.withThreads(2).withPrecision(Precision.EXACT));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void aSweepThatWasStoppedAndGoesOnStoresWhatAnUndisturbedOneStores() throws IOException {
    Sweep sweep = sweep("kv,text", 2, Protocol.BLIND, "kivi(bits=2)", "snapkv(keep=25%)", "q8");
    List<Row> undisturbed;
    try (Results results = Results.open(folder.resolve("whole.duckdb"))) {
      assertThat(run(sweep, results, MUCH, Integer.MAX_VALUE)).isZero();
      undisturbed = rows(results);
    }
    try (Results results = Results.open(folder.resolve("stopped.duckdb"))) {
      assertThatThrownBy(() -> run(sweep, results, 1, 11))
          .isInstanceOf(CancellationException.class);
      assertThat(rows(results)).isNotEmpty().hasSizeLessThan(undisturbed.size());
      assertThat(run(sweep, results, 1, Integer.MAX_VALUE)).isZero(); // no memory: one by one
      assertThat(rows(results)).isEqualTo(undisturbed);
    }
  }

  @Test
  void whereNothingIsDroppedNothingDiffers() throws IOException {
    Sweep sweep = sweep("kv,text", 1, Protocol.BLIND, "knorm(keep=100%)");
    try (Results results = Results.open(folder.resolve("all.duckdb"))) {
      run(sweep, results, MUCH, Integer.MAX_VALUE);
      Map<String, String> plans =
          results.rows(PlanRow.class).stream()
              .collect(Collectors.toMap(PlanRow::planSha, PlanRow::label));
      List<AnswerRow> answers = results.rows(AnswerRow.class);
      Map<String, AnswerRow> f16 =
          answers.stream()
              .filter(row -> "f16".equals(plans.get(row.planSha())))
              .collect(Collectors.toMap(AnswerRow::itemSha, row -> row));
      assertThat(answers)
          .filteredOn(row -> "knorm(keep=100%)".equals(plans.get(row.planSha())))
          .hasSize(9)
          .allSatisfy(
              row -> {
                AnswerRow full = Objects.requireNonNull(f16.get(row.itemSha()));
                assertThat(row.text()).isEqualTo(full.text());
                assertThat(row.goldLnp()).isEqualTo(full.goldLnp());
                assertThat(row.codedShare()).hasValue(0);
              });
      String floor = Subject.shaOf("f32");
      assertThat(results.rows(DivergenceRow.class))
          .filteredOn(row -> !row.planSha().equals(floor))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.klMax()).isZero())
          .allSatisfy(row -> assertThat(row.top1()).isOne());
      assertThat(results.rows(DivergenceRow.class))
          .filteredOn(row -> row.planSha().equals(floor))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.klMean()).isBetween(1e-9, 1e-5));
      assertThat(results.rows(SummaryRow.class)) // nor is it tested, which would cost others power
          .filteredOn(row -> row.planSha().equals(floor))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.p()).isEmpty())
          .allSatisfy(row -> assertThat(row.pHolm()).isEmpty());
      assertThat(answers) // of texts alone, not of questions
          .filteredOn(row -> row.planSha().equals(floor))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyProtocolAsksEveryQuestion(Protocol protocol) throws IOException {
    Sweep sweep = sweep("kv", 1, protocol, "random(keep=50%)");
    try (Results results = Results.open(folder.resolve(protocol + ".duckdb"))) {
      assertThat(run(sweep, results, MUCH, Integer.MAX_VALUE)).isZero();
      List<AnswerRow> answers = results.rows(AnswerRow.class);
      assertThat(answers).hasSize(4 * 8); // f16, no-context, random, streaming-llm
      assertThat(answers).allSatisfy(row -> assertThat(row.protocol()).isEqualTo("" + protocol));
      assertThat(answers)
          .filteredOn(row -> row.planSha().equals(Subject.shaOf("random(keep=50%,seed=0) | f16")))
          .allSatisfy(row -> assertThat(row.codedShare().orElseThrow()).isBetween(0.2, 0.5001))
          .allSatisfy(row -> assertThat(row.goldLnp().orElseThrow()).isNegative());
      int caches = protocol == Protocol.AWARE ? 8 : 1;
      assertThat(results.rows(KeptRow.class))
          .hasSize(3 * caches) // the question alone leaves nothing
          .allSatisfy(row -> assertThat(row.pairs()).hasSize(4));
      assertThat(results.rows(FateRow.class))
          .hasSize(3 * 8)
          .allSatisfy(row -> assertThat(row.tokens()).isEqualTo(36)) // a letter is a token
          .allSatisfy(row -> assertThat(row.coded()).isZero())
          .allSatisfy(row -> assertThat(row.kept() + row.dropped()).isOne())
          .filteredOn(row -> row.planSha().equals(Subject.shaOf("f16")))
          .allSatisfy(row -> assertThat(row.dropped()).isZero());
      assertThat(results.rows(SummaryRow.class))
          .anySatisfy(row -> assertThat(row.metric()).isEqualTo("score"));
    }
  }

  @Test
  void freeTextIsComparedInStretches() throws IOException {
    Sweep sweep = sweep("gen", 1, Protocol.BLIND, "kivi(bits=2)");
    try (Results results = Results.open(folder.resolve("gen.duckdb"))) {
      assertThat(run(sweep, results, MUCH, Integer.MAX_VALUE)).isZero();
      String kivi = Subject.shaOf("kivi(bits=2,group=32,window=32)");
      assertThat(results.rows(DivergenceRow.class))
          .filteredOn(row -> row.planSha().equals(kivi))
          .extracting(DivergenceRow::bucket)
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
      assertThat(results.rows(AnswerRow.class))
          .hasSize(3) // f16, kivi, and f32 as the floor
          .filteredOn(row -> row.planSha().equals(Subject.shaOf("f16")))
          .allSatisfy(row -> assertThat(row.score()).hasValue(1));
    }
  }

  @Test
  void refusesWhatTheModelCannotDoBeforeItIsLoaded() throws IOException {
    assertThat(refused("kv", 8192, "q8"))
        .isEqualTo("ctx 8192 is more than the 4096 tokens that tiny was made for");
    assertThat(refused("kv", 256, "q8")).startsWith("kv: ctx 256 is too short: ");
    assertThat(refused("kv", 2560, "expected-attention(keep=50%)")).isEmpty();
    assertThatThrownBy(() -> sweep("kv", 0, Protocol.BLIND, "q8"))
        .hasMessage("contexts=0 is out of range; expected 1 to 10000");
  }

  /** Names and numbers take more tokens in some contexts than in the first one. */
  @Test
  void aContextThatHasNoRoomIsLeftOut() throws IOException {
    Sweep sweep = sweep("niah-s1", 6, Protocol.BLIND, "q8");
    int ctx = 64;
    while (!made(sweep, ctx)) {
      ctx++;
    }
    try (Results results = Results.open(folder.resolve("tight.duckdb"))) {
      assertThat(run(at(sweep, ctx), results, MUCH, Integer.MAX_VALUE)).isZero();
      assertThat(results.rows(SummaryRow.class))
          .isNotEmpty()
          .allSatisfy(row -> assertThat(row.nContexts()).isBetween(1, 5));
    }
  }

  private static boolean made(Sweep sweep, int ctx) {
    return at(sweep, ctx).unmakeable(model.tokenizer(), ChatFormat.of(model)).isEmpty();
  }

  private static Sweep at(Sweep sweep, int ctx) {
    return new Sweep(
        sweep.plans(),
        sweep.tasks(),
        List.of(ctx),
        sweep.contexts(),
        sweep.seed(),
        sweep.protocol(),
        sweep.prose());
  }

  private static String refused(String task, int ctx, String plan) throws IOException {
    Sweep sweep = sweep(task, 1, Protocol.BLIND, plan);
    try (ModelFile opened = ModelFile.open(file)) {
      at(sweep, ctx).check(opened);
      return "";
    } catch (InputException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Sweep sweep(String tasks, int contexts, Protocol protocol, String... plans)
      throws IOException {
    Path list = folder.resolve("plans.txt");
    Files.write(list, List.of(plans));
    return new Sweep(
        PlanFile.read(list), Tasks.parse(tasks), List.of(2560), contexts, 7, protocol, PROSE);
  }

  /** Runs until a cell of some number begins. */
  private static int run(Sweep sweep, Results results, long memory, int stop) {
    return SweepRun.run(
        sweep,
        model,
        "run",
        "build",
        memory,
        results,
        new SweepListener() {
          @Override
          public void at(int done, int total, String what) {
            if (done >= stop) {
              throw new CancellationException("enough");
            }
          }

          @Override
          public void check() {}
        });
  }

  private static List<Row> rows(Results results) {
    List<Row> rows = new ArrayList<>(results.rows(AnswerRow.class));
    rows.addAll(results.rows(DivergenceRow.class));
    rows.addAll(results.rows(KeptRow.class));
    rows.addAll(results.rows(FateRow.class));
    rows.addAll(results.rows(SummaryRow.class));
    return rows;
  }
}
