package io.kvasir.cli.bench;

import io.kvasir.kv.KvPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one test measured.
 *
 * @param time when the first measured run began
 * @param nanos of each run
 * @param cacheBytes of the sequence after the last run
 * @param bytesPerToken the same, per token the sequence had
 * @param residentBytes of the process after the last run; empty where the system does not tell
 * @param fillNanos how long the prefill took that filled the cache before; 0 without one
 * @param work what it had to compute and read
 */
public record BenchResult(
    BenchCase test,
    KvPlan plan,
    Instant time,
    List<Long> nanos,
    long cacheBytes,
    double bytesPerToken,
    Optional<Long> residentBytes,
    long fillNanos,
    Work work) {
  public BenchResult {
    nanos = List.copyOf(nanos);
  }

  /** Tokens per second of each run. */
  public List<Double> speeds() {
    return nanos.stream().map(n -> 1e9 * test.tokens() / n).toList();
  }

  /** Tokens per second at the machine's limits. */
  double limit() {
    return test.tokens() / work.seconds();
  }

  /** The share of them that the mean run reached. */
  double shareOfLimit() {
    return mean(speeds()) / limit();
  }

  /** The mean of numbers. */
  static double mean(List<? extends Number> values) {
    return values.stream().mapToDouble(Number::doubleValue).average().orElse(0);
  }

  /** Their standard deviation as a sample (n - 1); 0 for fewer than two. */
  static double deviation(List<? extends Number> values) {
    if (values.size() < 2) {
      return 0;
    }
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> Math.pow(v.doubleValue() - mean, 2)).sum();
    return Math.sqrt(squares / (values.size() - 1));
  }
}
