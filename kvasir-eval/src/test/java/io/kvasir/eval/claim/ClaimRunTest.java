package io.kvasir.eval.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.TinyModel;
import io.kvasir.eval.Digest;
import io.kvasir.eval.InputException;
import io.kvasir.eval.run.SweepListener;
import io.kvasir.eval.store.ClaimRow;
import io.kvasir.eval.store.CostRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.RunRow;
import io.kvasir.eval.task.Corpus;
import io.kvasir.kv.KvPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims about a tiny model: what it says is nonsense, how it is judged is real. */
class ClaimRunTest {
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
  void weighsWhatIsClaimedAndStoresVerdicts() {
    ClaimRow row = judged("held", "{A: 'knorm(keep=100%)'}", "expect: kl(A) <= 0");
    assertThat(row.verdict()).isEqualTo("held");
    assertThat(row.lhs()).hasValue(0);
    assertThat(row.lo()).hasValue(0);
    assertThat(row.n()).isEqualTo(8);
    assertThat(row.reason()).isEqualTo("nothing was compressed");
    assertThat(row.ctx()).isEqualTo(512);
    assertThat(row.modelSha()).isEqualTo(model.fingerprint());
    ClaimRow worse = judged("worse", "{A: 'random(keep=10%)', B: q8}", "expect: kl(A) < kl(B)");
    assertThat(worse.verdict()).isEqualTo("not held");
    assertThat(worse.lo().orElseThrow()).isPositive();
  }

  @Test
  void aLookupThatF16FailsSaysNothingAboutAPlan() {
    ClaimRow row =
        judged("lookup", "{A: q8}", "where: {tasks: passkey, ctx: 1k}", "expect: score(A) > 0");
    assertThat(row.verdict()).isEqualTo("not testable here");
    assertThat(row.reason())
        .startsWith("f16 fails on passkey(digits=5): f16 scores 0.00 above the question alone");
    assertThat(row.n()).isZero();
  }

  @Test
  void aTaskThatHasNoContextOfSomeLengthIsLeftOut() {
    String tasks = "where: {tasks: 'kv,passkey', ctx: 512}";
    ClaimRow row = judged("shorter", "{A: q8}", tasks, "expect: score(A) > 0");
    assertThat(row.reason()).startsWith("f16 fails on passkey(digits=5)");
    ClaimRow none =
        judged("shortest", "{A: q8}", tasks.replace(",passkey", ""), "expect: score(A) > 0");
    assertThat(none.verdict()).isEqualTo("not testable here");
    assertThat(none.reason()).startsWith("kv: ctx 512 is too short: ");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(judged("needs", "{A: q8}", "needs: a larger machine").reason())
        .isEqualTo("needs a larger machine");
    assertThat(judged("long", "{A: q8}", "where: {ctx: 8k}", "expect: kl(A) < 1").reason())
        .isEqualTo("tiny was made for 4096 tokens");
    assertThat(judged("layers", "{A: 'layers=0-99:q8 | f16'}", "expect: kl(A) < 1").reason())
        .contains("99");
    assertThat(judged("learned", "{A: 'qfilters(keep=50%)'}", "expect: kl(A) < 1").reason())
        .startsWith("qfilters has not been calibrated for ");
    assertThat(judged("cost", "{A: q8}", "expect: bytes(A) < bytes(f16)").reason())
        .isEqualTo("no run of this build has measured the cost of its plans");
  }

  @Test
  void costsAreThoseOfARunThatMeasuredAllPlans() throws IOException {
    String claim = claim("costs", "{A: q8}", "expect: bytes(A) <= 0.6 * bytes(f16)");
    try (Results results = Results.open(folder.resolve("costs.duckdb"))) {
      results.put(new RunRow("r", Instant.EPOCH, "done", "build", false, "", 1, "{}"));
      for (int round = 0; round < 3; round++) {
        results.put(cost("f16", round, 1000));
        results.put(cost("q8", round, 500 + round));
      }
      ClaimRow row = run(claim, results, new ArrayList<>());
      assertThat(row.verdict()).isEqualTo("held");
      assertThat(row.n()).isEqualTo(3);
      assertThat(row.lhs()).hasValue(501);
      assertThat(row.hi()).hasValue(-98);
    }
  }

  private static CostRow cost(String plan, int round, long bytes) {
    String sha = Digest.hex(KvPlan.parse(plan).toString());
    return new CostRow("r", model.fingerprint(), sha, 512, round, bytes, 0, 0, 1, 1, 1, 1);
  }

  @Test
  void movesKeepUntilBytesAreEqual() {
    ClaimRow row =
        judged(
            "matched",
            "{A: 'kivi(bits=4)', B: 'knorm(keep=100)'}",
            "match: bytes",
            "expect: kl(A) < 100 + kl(B)");
    assertThat(row.reason())
        .matches("(A holds|bytes do not match to 2 %: A holds) [0-9,]+ bytes.*B holds.*");
    ClaimRow even =
        judged(
            "even",
            "{A: 'random(keep=50%)', B: 'knorm(keep=20%)'}",
            "match: bytes",
            "expect: kl(A) < 100 + kl(B)");
    assertThat(even.verdict()).isEqualTo("held");
    assertThat(even.reason()).matches("A holds ([0-9,]+) bytes with keep=50%, B holds \\1 bytes.*");
  }

  @Test
  void doesNotWeighTwiceAndMarksWhatWasEdited() throws IOException {
    try (Results results = Results.open(folder.resolve("edited.duckdb"))) {
      String claim = claim("edited", "{A: q8}", "expect: kl(A) < 1");
      List<String> heard = new ArrayList<>();
      assertThat(run(claim, results, heard).reason()).isEmpty();
      assertThat(heard).anyMatch(what -> what.endsWith("q8"));
      heard.clear();
      assertThat(run(claim, results, heard).reason()).isEmpty();
      assertThat(heard).containsOnly("");
      ClaimRow row = run(claim.replace("< 1", "< 2"), results, heard);
      assertThat(row.reason()).isEqualTo("edited after a result");
    }
  }

  @Test
  void refusesBeforeAModelIsLoadedWhatCannotBe() throws IOException {
    String claim = claim("early", "{A: q8}", "where: {tasks: kv}", "expect: score(A) > 0");
    assertThat(refused(claim, 8192))
        .isEqualTo("ctx 8192 is more than the 4096 tokens that tiny was made for");
    assertThat(refused(claim, 256)).startsWith("kv: ctx 256 is too short: ");
    Family family = new Family("f", ClaimFile.parse("f.yaml", claim));
    assertThatThrownBy(() -> new ClaimSetting(List.of(family, family), List.of(), 8, 1, PROSE))
        .hasMessage("f.yaml:1: claim early stands at f.yaml:1 already; expected once");
  }

  private static String refused(String claims, int ctx) {
    Family family = new Family("f", ClaimFile.parse("f.yaml", claims));
    try (ModelFile opened = ModelFile.open(file)) {
      new ClaimSetting(List.of(family), List.of(ctx), 8, 1, PROSE).check(opened);
      return "";
    } catch (InputException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String claim(String id, String let, String... more) {
    String rest =
        List.of(more).stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    String where = rest.contains("where") ? "" : "  where: {ctx: 512}\n";
    return "- id: %s\n  source: 'somebody: something'\n  let: %s\n%s%s"
        .formatted(id, let, where, rest);
  }

  private static ClaimRow judged(String id, String let, String... more) {
    try (Results results = Results.open(folder.resolve(id + ".duckdb"))) {
      return run(claim(id, let, more), results, new ArrayList<>());
    }
  }

  /** The last verdict. */
  private static ClaimRow run(String claims, Results results, List<String> heard) {
    Family family = new Family("f", ClaimFile.parse("f.yaml", claims));
    String runId = "run" + results.rows(ClaimRow.class).size();
    int failed =
        ClaimRun.run(
            new ClaimSetting(List.of(family), List.of(), 8, 1, PROSE),
            model,
            runId,
            "build",
            1L << 30,
            results,
            new SweepListener() {
              @Override
              public void at(int done, int total, String what) {
                heard.add(what);
              }

              @Override
              public void check() {}
            });
    assertThat(failed).isZero();
    return results.rows(ClaimRow.class).getLast();
  }
}
