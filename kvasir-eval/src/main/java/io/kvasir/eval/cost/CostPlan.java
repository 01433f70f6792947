package io.kvasir.eval.cost;

import io.kvasir.eval.InputException;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is to be measured: every plan, at every ctx, in every round.
 *
 * @param plans by their text, and how their prompts are read; f16 is always among them
 * @param ctxs tokens in the end, more than {@link #DECODED}
 * @param rounds of each, at least 1
 * @param seed of their order
 */
public record CostPlan(Map<String, PrefillMode> plans, List<Integer> ctxs, int rounds, long seed) {
  /** Tokens that are decoded after the prompt. */
  public static final int DECODED = 64;

  private static final int MOST_ROUNDS = 1000;

  static final String F16 = KvPlan.FULL.toString();

  /**
   * @throws InputException names the value that is out of range
   */
  public CostPlan {
    Map<String, PrefillMode> all = new LinkedHashMap<>();
    all.put(F16, plans.getOrDefault(F16, PrefillMode.EXACT));
    all.putAll(plans);
    plans = Collections.unmodifiableMap(all);
    ctxs = List.copyOf(ctxs);
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw new InputException(
          "rounds=%d is out of range; expected 1 to %d".formatted(rounds, MOST_ROUNDS));
    }
    for (int ctx : ctxs) {
      if (ctx <= DECODED) {
        throw new InputException(
            "ctx %d is too short to measure cost: %d tokens are decoded after the prompt"
                .formatted(ctx, DECODED));
      }
    }
  }

  /** Measurements there are. */
  public int measurements() {
    return Math.multiplyExact(Math.multiplyExact(plans.size(), ctxs.size()), rounds);
  }
}
