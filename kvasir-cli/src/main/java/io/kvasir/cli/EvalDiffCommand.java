package io.kvasir.cli;

import io.kvasir.eval.store.Diff;
import io.kvasir.eval.store.TableDiff;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir eval diff A B}: whether two sweeps found the same. */
@Command(
    name = "diff",
    description = {
      "Compares two results.duckdb, value by value.",
      "Ends with 1 when a result differs; run, env and cost may.",
    },
    mixinStandardHelpOptions = true)
final class EvalDiffCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "A",
      converter = ResultsPath.class,
      description = "A results.duckdb, or its directory.")
  private Path a = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "B",
      converter = ResultsPath.class,
      description = "Another one.")
  private Path b = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<TableDiff> diffs = Diff.of(a, b);
    if (json) {
      System.out.println(Json.pretty(diffs));
    } else {
      diffs.forEach(EvalDiffCommand::print);
    }
    return diffs.stream().filter(TableDiff::isResult).allMatch(TableDiff::same)
        ? 0
        : Failures.FAILED;
  }

  private static void print(TableDiff diff) {
    if (diff.same()) {
      System.out.printf("%-10s  same%n", diff.table());
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%-10s  %,d only in A, %,d only in B, %,d differ%s%n",
        diff.table(),
        diff.onlyA(),
        diff.onlyB(),
        diff.differing(),
        diff.columns().entrySet().stream()
            .map(column -> column.getKey() + " " + column.getValue())
            .collect(Collectors.joining(", ", " (", ")"))
            .replace(" ()", ""));
    diff.examples().forEach(example -> System.out.println("            " + Terminal.line(example)));
  }
}
