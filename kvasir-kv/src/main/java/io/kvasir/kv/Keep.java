package io.kvasir.kv;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How much of the cache stays. It always says what is kept, never what is removed ("ratio" means
 * either in the field).
 */
public sealed interface Keep {

  /** Everything: nothing is ever dropped. */
  Keep ALL = new Share(BigDecimal.ONE);

  /**
   * A share of the tokens seen so far: floor of the exact decimal product, at least 1.
   *
   * @param share in (0, 1]
   */
  record Share(BigDecimal share) implements Keep {
    public Share {
      if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
        throw new KvPlanException(
            "keep=" + percent(share) + " is out of range; expected more than 0% and at most 100%");
      }
      share = share.stripTrailingZeros();
    }

    /** Pairs per (layer, KV head) after {@code seen} tokens. */
    public int pairs(int seen) {
      int exact =
          share.multiply(BigDecimal.valueOf(seen)).setScale(0, RoundingMode.FLOOR).intValueExact();
      return Math.max(1, exact);
    }

    @Override
    public String toString() {
      return percent(share);
    }

    private static String percent(BigDecimal share) {
      return share.movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
  }

  /** Pairs per (layer, KV head); the mean where heads differ. */
  record Pairs(int pairs) implements Keep {
    public Pairs {
      if (pairs < 1) {
        throw new KvPlanException("keep=" + pairs + " is out of range; expected at least 1 pair");
      }
    }

    @Override
    public String toString() {
      return Integer.toString(pairs);
    }
  }

  /** Bytes of the whole sequence, side data included; MB is 10^6 bytes. */
  record Bytes(long bytes) implements Keep {
    public Bytes {
      if (bytes < 1) {
        throw new KvPlanException("keep=" + bytes + "B is out of range; expected at least 1 byte");
      }
    }

    @Override
    public String toString() {
      for (Unit unit : Unit.values()) {
        if (bytes % unit.bytes == 0) {
          return bytes / unit.bytes + unit.name();
        }
      }
      throw new AssertionError("every size is a multiple of one byte");
    }

    /** Decimal units, largest first. */
    public enum Unit {
      GB(1_000_000_000),
      MB(1_000_000),
      KB(1_000),
      B(1);

      private final long bytes;

      Unit(long bytes) {
        this.bytes = bytes;
      }

      public long bytes() {
        return bytes;
      }
    }
  }
}
