package io.kvasir.kv;

/**
 * Refusals that a method's constructor needs beyond the ranges of its {@link Param}s. Each throws a
 * {@link KvPlanException} of one sentence: method, value, what was expected.
 */
public final class Check {
  private Check() {}

  public static void odd(String method, String param, int value) {
    if (value % 2 == 0) {
      throw new KvPlanException(
          "%s: %s=%d must be odd, for example %d or %d"
              .formatted(method, param, value, Math.max(1, value - 1), value + 1));
    }
  }
}
