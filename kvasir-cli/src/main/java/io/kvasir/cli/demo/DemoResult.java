package io.kvasir.cli.demo;

import java.util.List;

/**
 * All that the demo measured, and what it takes to measure it again. Table, JSON and report are
 * views of it.
 *
 * @param setup what ran where
 * @param document what was read
 * @param readSeconds of the one prefill that filled all caches
 * @param askSeconds of all questions to all caches
 * @param plans the full cache first
 */
public record DemoResult(
    Setup setup, Text document, double readSeconds, double askSeconds, List<PlanResult> plans) {

  /**
   * @param prefill the mode: every plan compresses what an exact pass computed
   * @param decoding how tokens are chosen
   * @param seed of the choice; the most probable token needs none
   */
  public record Setup(
      String version,
      String model,
      String fingerprint,
      String precision,
      int threads,
      String prefill,
      String decoding,
      long seed,
      String machine) {}

  /**
   * @param positions token in which each fact begins, in the order of the facts
   */
  public record Text(
      String source, int characters, int tokens, int facts, List<Integer> positions) {
    public Text {
      positions = List.copyOf(positions);
    }
  }

  public DemoResult {
    plans = List.copyOf(plans);
  }

  /** The full cache's row. */
  public PlanResult full() {
    return plans.getFirst();
  }
}
