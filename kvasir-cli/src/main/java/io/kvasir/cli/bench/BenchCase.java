package io.kvasir.cli.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * One test, named as llama-bench names it: {@code pp512} reads a prompt of 512 tokens, {@code tg64}
 * decodes 64, {@code pp512+tg64} does both, {@code tg64 @ d4096} does so after 4096 others.
 *
 * @param prompt tokens read together
 * @param generated tokens decoded one by one
 * @param depth tokens that are in the cache before
 */
public record BenchCase(int prompt, int generated, int depth) {
  public BenchCase {
    if (prompt < 0 || generated < 0 || depth < 0 || prompt + generated == 0) {
      throw new IllegalArgumentException(
          "a test of %d prompt tokens and %d generated ones at depth %d measures nothing"
              .formatted(prompt, generated, depth));
    }
  }

  /** A prompt and its continuation, measured together. */
  public record Pair(int prompt, int generated) {}

  /**
   * All tests in the order of llama-bench: depth by depth prompts, then generations, then pairs.
   *
   * @param prompts lengths; 0 is none
   * @param generated lengths; 0 is none
   */
  public static List<BenchCase> all(
      List<Integer> prompts, List<Integer> generated, List<Pair> pairs, List<Integer> depths) {
    List<BenchCase> tests = new ArrayList<>();
    for (int depth : depths) {
      prompts.stream().filter(p -> p != 0).forEach(p -> tests.add(new BenchCase(p, 0, depth)));
      generated.stream().filter(n -> n != 0).forEach(n -> tests.add(new BenchCase(0, n, depth)));
      pairs.forEach(pair -> tests.add(new BenchCase(pair.prompt, pair.generated, depth)));
    }
    return List.copyOf(tests);
  }

  /** Tokens whose speed is measured. */
  public int tokens() {
    return prompt + generated;
  }

  /** Tokens the sequence has in the end. */
  public int length() {
    return depth + tokens();
  }

  @Override
  public String toString() {
    String parts = prompt > 0 ? "pp" + prompt : "";
    if (generated > 0) {
      parts += (parts.isEmpty() ? "tg" : "+tg") + generated;
    }
    return depth > 0 ? parts + " @ d" + depth : parts;
  }
}
