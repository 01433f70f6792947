package io.kvasir.kv;

import java.nio.charset.StandardCharsets;

/** What must hold for any bytes as plan text. */
public final class PlanFuzz {
  private PlanFuzz() {}

  /**
   * Reads the bytes as a plan. A refusal is a {@link KvPlanException} of one printable line; a plan
   * that is read prints text that reads back as an equal plan. Anything else is thrown.
   */
  public static void parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    KvPlan plan;
    try {
      plan = KvPlan.parse(text);
    } catch (KvPlanException e) {
      checkSentence(String.valueOf(e.getMessage()));
      return;
    }
    KvPlan again = KvPlan.parse(plan.toString());
    if (!again.equals(plan) || !again.toString().equals(plan.toString())) {
      throw new AssertionError(text + " prints " + plan + ", which reads as " + again);
    }
  }

  private static void checkSentence(String message) {
    if (message.isBlank() || message.length() > 1000 || message.chars().anyMatch(c -> c < ' ')) {
      throw new AssertionError("not a sentence: " + message);
    }
  }
}
