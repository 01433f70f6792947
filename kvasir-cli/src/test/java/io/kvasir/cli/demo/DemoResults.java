package io.kvasir.cli.demo;

import java.util.List;

/** Made-up results, for what shows them. */
public final class DemoResults {
  /** A full cache that knows the answer, and a compressed one that does not. */
  public static final DemoResult TWO =
      result(
          "plain",
          plan("f16 (full)", 2_000_000, 0, "It is 4711.", true),
          plan("h2o(keep=10%)", 200_000, 1.5, "no idea", false));

  private DemoResults() {}

  static PlanResult plan(String name, long bytes, double kl, String answer, boolean found) {
    return new PlanResult(
        name,
        name,
        bytes,
        bytes / 100.0,
        bytes / 10,
        123.4,
        56.7,
        0.75,
        kl,
        found ? 1 : 0,
        List.of(new PlanResult.Answer("Which number?", "4711", answer, found)),
        new KeptMap(new float[][] {{1, 0, .5f}, {0, 1, 1}}));
  }

  static DemoResult result(String text, PlanResult... plans) {
    return new DemoResult(
        new DemoResult.Setup(text, text, text, "fast", 2, "exact", "greedy", 0, text),
        new DemoResult.Text(text, 400, 100, 1, List.of(50)),
        12.5,
        3.25,
        List.of(plans));
  }
}
