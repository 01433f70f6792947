package io.kvasir.kv;

/**
 * Pairs that no score can drop: a mask, never a score. They count inside {@code keep}; where it has
 * too few places, sinks come first, then the newest. In plan text {@code
 * protect(sinks=4,recent=64)}.
 *
 * @param sinks first positions of the sequence
 * @param recent newest pairs
 */
public record Protection(
    @Param(value = "0", min = 0, doc = "first positions of the sequence") int sinks,
    @Param(value = "0", min = 0, doc = "newest pairs") int recent) {
  public static final Protection NONE = new Protection(0, 0);

  public Protection {
    if (sinks < 0 || recent < 0) {
      throw new KvPlanException(
          "protect(sinks=" + sinks + ",recent=" + recent + "): expected no negative number");
    }
  }

  /** What either protects. */
  public Protection and(Protection other) {
    return new Protection(Math.max(sinks, other.sinks), Math.max(recent, other.recent));
  }

  public static Protection recent(int recent) {
    return new Protection(0, recent);
  }

  public static Protection sinks(int sinks) {
    return new Protection(sinks, 0);
  }
}
