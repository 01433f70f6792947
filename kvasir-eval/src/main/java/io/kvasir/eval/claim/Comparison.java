package io.kvasir.eval.claim;

import io.kvasir.eval.stat.Interval;
import java.util.Optional;

/** How an expectation compares its sides, and what an interval of their difference says to it. */
enum Comparison {
  LESS("<"),
  AT_MOST("<="),
  MORE(">"),
  AT_LEAST(">=");

  private final String sign;

  Comparison(String sign) {
    this.sign = sign;
  }

  /** Whether it is true of sides that differ so. */
  boolean holds(double difference) {
    return switch (this) {
      case LESS -> difference < 0;
      case AT_MOST -> difference <= 0;
      case MORE -> difference > 0;
      case AT_LEAST -> difference >= 0;
    };
  }

  /**
   * Whether it is true, or false, of the whole interval.
   *
   * @return nothing when it is true of one end only
   */
  Optional<Boolean> holds(Interval difference) {
    boolean low = holds(difference.lo());
    return low == holds(difference.hi()) ? Optional.of(low) : Optional.empty();
  }

  @Override
  public String toString() {
    return sign;
  }
}
