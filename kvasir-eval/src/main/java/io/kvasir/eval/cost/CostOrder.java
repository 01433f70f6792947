package io.kvasir.eval.cost;

import java.util.List;

/**
 * One plan to be measured alone.
 *
 * @param plan as text
 * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
 * @param prompt tokens to read, at least one
 * @param decoded tokens to decode after it, at least one
 */
public record CostOrder(String plan, String prefill, List<Integer> prompt, int decoded) {
  public CostOrder {
    prompt = List.copyOf(prompt);
  }
}
