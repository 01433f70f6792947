package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.store.Results;
import io.kvasir.eval.store.Row;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs of {@code kvasir eval} that read a {@code results.duckdb}. */
class EvalResultsTest {
  @TempDir private Path folder;

  @Test
  void exportsEveryTable() {
    Path out = folder.resolve("out");
    Cli.Ran ran =
        Cli.run("eval", "export", file("a", "x"), "--format", "csv", "--out", out.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines()).hasSize(Row.TABLES.size()).contains(out.resolve("plan.csv").toString());
    assertThat(out.resolve("plan.csv"))
        .hasContent("plan_sha,text,label,roles,tag\np,q8,x,codec q8,");
  }

  @Test
  void tellsByExitCodeWhetherResultsDiffer() {
    String a = file("a", "x");
    assertThat(Cli.run("eval", "diff", a, a).exit()).isZero();
    Cli.Ran ran = Cli.run("eval", "diff", a, file("b", "y"));
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.lines())
        .contains(
            "plan        0 only in A, 0 only in B, 1 differ (label 1)",
            "            p: label x -> y",
            "item        same");
    assertThat(Cli.run("eval", "diff", a, a, "--json").out()).contains("\"only_a\" : 0");
  }

  @Test
  void refusesInOneSentence() {
    String none = folder.resolve("none").toString();
    Cli.Ran ran = Cli.run("eval", "diff", none, none);
    assertThat(ran.err())
        .isEqualTo("kvasir: %s does not exist; expected a results.duckdb\n".formatted(none));
    assertThat(ran.exit()).isEqualTo(2);
    ran = Cli.run("eval", "export", file("a", "x"), "--format", "xls");
    assertThat(ran.err())
        .isEqualTo("kvasir: unknown format \"xls\"; expected parquet, csv, json or lm-eval\n");
    assertThat(ran.exit()).isEqualTo(2);
  }

  private String file(String name, String label) {
    Path file = folder.resolve(name);
    try (Results results = Results.open(file)) {
      results.put(new PlanRow("p", "q8", label, "codec q8", Optional.empty()));
    }
    return file.toString();
  }
}
