package io.kvasir.cli;

import io.kvasir.eval.report.Report;
import io.kvasir.eval.store.Results;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir eval report}: a file of results as a page. */
@Command(
    name = "report",
    description = "Writes report.html: which plan suffices, what each costs, where it fails.",
    mixinStandardHelpOptions = true)
final class EvalReportCommand implements Runnable {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      converter = ResultsPath.class,
      description = "The results, or their directory; default: results.duckdb here.")
  private Path file = Path.of(ResultsPath.NAME);

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the page goes; default: report.html beside the results.")
  private Optional<Path> page = Optional.empty();

  @Override
  public void run() {
    Path to = page.orElse(file.resolveSibling("report.html"));
    AtomicFile.check(to);
    try (Results results = Results.read(file)) {
      AtomicFile.write(to, Report.html(results));
    }
    System.out.println(to);
  }
}
