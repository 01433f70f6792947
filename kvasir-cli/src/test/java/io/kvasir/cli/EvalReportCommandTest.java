package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.eval.store.Results;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalReportCommandTest {
  @TempDir Path temp;

  @Test
  void writesAPageBesideTheResults() {
    Path file = temp.resolve("results.duckdb");
    Results.open(file).close();
    Path page = temp.resolve("report.html");
    for (Path results : List.of(file, temp)) {
      assertThat(Cli.run("eval", "report", results.toString()))
          .isEqualTo(new Cli.Ran(0, page + "\n", ""));
    }
    assertThat(page).content().startsWith("<!DOCTYPE html>").contains("No task was measured yet");
  }

  @Test
  void withoutResultsThereIsNoPage() {
    Cli.Ran ran = Cli.run("eval", "report", temp.resolve("none.duckdb").toString());
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(temp).isEmptyDirectory();
  }
}
