package io.kvasir.cli.bench;

import io.kvasir.engine.fit.ByteSize;
import io.kvasir.kernel.Workers;
import io.kvasir.kernel.probe.MachineLimits;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Measures and prints what the machine can do: a Markdown table, or a line of JSON for each number
 * of threads.
 *
 * @param json writes a value as JSON in one line
 */
public record LimitsReport(
    BenchReport.Format format, PrintStream out, Function<Object, String> json) {
  private static final long[] WORKING_SETS = {128 << 10, 1 << 20, 8 << 20, 64 << 20, 512 << 20};

  /**
   * @throws IllegalArgumentException the format is csv, or a number of threads is less than 1
   */
  public LimitsReport {
    if (format == BenchReport.Format.CSV) {
      throw new IllegalArgumentException("--limits is printed as md, json or jsonl, not as csv");
    }
  }

  /**
   * @param teams numbers of threads
   */
  public void print(List<Integer> teams) {
    if (format == BenchReport.Format.MD) {
      out.printf("%s%n%n| threads | limit | |%n|--:|---|--:|%n", Machine.describe());
    }
    for (int team : teams) {
      try (Workers workers = new Workers(team)) {
        print(MachineLimits.measure(workers, WORKING_SETS));
      }
    }
  }

  private void print(MachineLimits limits) {
    if (format != BenchReport.Format.MD) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("build_commit", Build.commit());
      fields.put("machine", Machine.describe());
      fields.put("limits", limits);
      out.println(json.apply(fields));
      return;
    }
    limits
        .readBytesPerSecond()
        .forEach((bytes, speed) -> row(limits, "reading " + ByteSize.text(bytes), speed, "GB/s"));
    row(limits, "f32", limits.f32(), "GFLOP/s");
    row(limits, "8 bits in 16-bit lanes", limits.int8(), "GOP/s");
    limits.bf16().ifPresent(speed -> row(limits, "bf16 (oneDNN)", speed, "GFLOP/s"));
  }

  private void row(MachineLimits limits, String what, double speed, String unit) {
    out.printf(Locale.ROOT, "| %d | %s | %.1f %s |%n", limits.threads(), what, speed / 1e9, unit);
  }
}
