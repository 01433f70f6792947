package io.kvasir.cli;

import io.kvasir.eval.store.Export;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir eval export FILE}: results for other programs. */
@Command(
    name = "export",
    description = "Writes the tables of a results.duckdb as files.",
    mixinStandardHelpOptions = true)
final class EvalExportCommand implements Runnable {
  @Parameters(
      paramLabel = "FILE",
      converter = ResultsPath.class,
      description = "A results.duckdb, or its directory.")
  private Path file = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet, csv, json or lm-eval; default ${DEFAULT-VALUE}.")
  private String format = "parquet";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "export",
      description = "The folder they go to; default ${DEFAULT-VALUE}.")
  private Path out = Path.of("export");

  @Override
  public void run() {
    Export.write(file, out, Export.Format.parse(format))
        .forEach(written -> System.out.println(Terminal.line(written.toString())));
  }
}
