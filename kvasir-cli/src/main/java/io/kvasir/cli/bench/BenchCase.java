package io.kvasir.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One test, named as llama-bench names it: {@code pp512} reads a prompt of 512 tokens, {@code tg64}
 * decodes 64, {@code pp512+tg64} does both, {@code tg64 @ d4096} does so after 4096 others, {@code
 * tg64 x8} decodes 64 tokens of each of 8 sequences in one batch.
 *
 * @param prompt tokens read together
 * @param generated tokens decoded one by one
 * @param depth tokens that are in the cache before
 * @param parallel sequences that decode side by side
 */
public record BenchCase(int prompt, int generated, int depth, int parallel) {
  public BenchCase {
    if (prompt < 0 || generated < 0 || depth < 0 || prompt + generated == 0) {
      throw new IllegalArgumentException(
          "a test of %d prompt tokens and %d generated ones at depth %d measures nothing"
              .formatted(prompt, generated, depth));
    }
    if (parallel < 1 || prompt > 0 && parallel > 1) {
      throw new IllegalArgumentException(
          "%d sequences at once, %d prompt tokens; expected at least one, and no prompt with more"
              .formatted(parallel, prompt));
    }
  }

  /** A prompt and its continuation, measured together. */
  public record Pair(int prompt, int generated) {}

  /**
   * All tests in the order of llama-bench: depth by depth prompts, then generations, then pairs.
   *
   * @param prompts lengths; 0 is none
   * @param generated lengths; 0 is none
   * @param parallel sequences of a generation
   */
  public static List<BenchCase> all(
      List<Integer> prompts,
      List<Integer> generated,
      List<Pair> pairs,
      List<Integer> depths,
      List<Integer> parallel) {
    List<BenchCase> tests = new ArrayList<>();
    for (int depth : depths) {
      prompts.stream().filter(p -> p != 0).forEach(p -> tests.add(new BenchCase(p, 0, depth, 1)));
      for (int n : generated) {
        if (n != 0) {
          parallel.forEach(pl -> tests.add(new BenchCase(0, n, depth, pl)));
        }
      }
      pairs.forEach(pair -> tests.add(new BenchCase(pair.prompt, pair.generated, depth, 1)));
    }
    return List.copyOf(tests);
  }

  /** Tokens whose speed is measured, of all sequences together. */
  public int tokens() {
    return prompt + generated * parallel;
  }

  /** Tokens a sequence has in the end. */
  public int length() {
    return depth + prompt + generated;
  }

  @Override
  public String toString() {
    String parts = prompt > 0 ? "pp" + prompt : "";
    if (generated > 0) {
      parts += (parts.isEmpty() ? "tg" : "+tg") + generated;
    }
    if (parallel > 1) {
      parts += " x" + parallel;
    }
    return depth > 0 ? parts + " @ d" + depth : parts;
  }
}
