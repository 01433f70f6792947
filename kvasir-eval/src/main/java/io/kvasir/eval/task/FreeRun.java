package io.kvasir.eval.task;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What becomes of a plan that writes freely, beside f16 writing freely.
 *
 * @param divergence index of the first token that differs, or at which one of the two had ended;
 *     nothing when they are the same
 * @param loops share of the plan's tokens that repeat an earlier run of {@value #RUN} tokens: near
 *     0 for text, near 1 for a model that is caught
 */
public record FreeRun(OptionalInt divergence, double loops) {
  static final int RUN = 8;

  /**
   * @param plan tokens it wrote
   * @param f16 tokens that f16 wrote after the same prompt
   */
  public static FreeRun of(int[] plan, int[] f16) {
    int differs = Arrays.mismatch(plan, f16);
    return new FreeRun(differs < 0 ? OptionalInt.empty() : OptionalInt.of(differs), loops(plan));
  }

  private static double loops(int[] tokens) {
    Set<List<Integer>> seen = new HashSet<>();
    int runs = Math.max(0, tokens.length - RUN + 1);
    long repeated =
        IntStream.range(0, runs)
            .filter(i -> !seen.add(Arrays.stream(tokens, i, i + RUN).boxed().toList()))
            .count();
    return runs == 0 ? 0 : (double) repeated / runs;
  }
}
