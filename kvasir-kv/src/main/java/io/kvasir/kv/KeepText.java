package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Amount;
import io.kvasir.kv.PlanSyntax.Value;
import java.math.BigDecimal;

/** Reads {@code keep} and {@code every}, which the plan takes from a scorer or a budget. */
final class KeepText {
  private static final BigDecimal MOST_TOKENS = BigDecimal.valueOf(Integer.MAX_VALUE);

  private KeepText() {}

  static Keep keep(Value value) {
    if (!(value instanceof Amount amount)) {
      throw refused(value);
    }
    if (amount.percent()) {
      return new Keep.Share(amount.number().movePointLeft(2));
    }
    if (amount.plain()) {
      return new Keep.Pairs((int) whole(amount, 1, Integer.MAX_VALUE, "pairs"));
    }
    return new Keep.Bytes(whole(amount, unit(amount), Long.MAX_VALUE, "bytes"));
  }

  private static long whole(Amount amount, long unit, long most, String what) {
    BigDecimal exact = amount.number().multiply(BigDecimal.valueOf(unit));
    if (exact.stripTrailingZeros().scale() > 0) {
      throw refused(amount);
    }
    if (exact.abs().compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new KvPlanException(
          "keep=%s is out of range; expected 1 to %d %s".formatted(amount.written(), most, what));
    }
    return exact.longValueExact();
  }

  private static long unit(Amount amount) {
    for (Keep.Bytes.Unit unit : Keep.Bytes.Unit.values()) {
      if (unit.name().equals(amount.unit())) {
        return unit.bytes();
      }
    }
    throw refused(amount);
  }

  private static KvPlanException refused(Value value) {
    return new KvPlanException(
        "keep=%s is not an amount; expected a share (25%%), pairs per KV head (512) or bytes (64MB)"
            .formatted(Quote.bare(value.written())));
  }

  /** Decoded tokens between two compressions. */
  static int every(Value value) {
    if (value instanceof Amount amount && amount.plain()) {
      BigDecimal number = amount.number();
      boolean whole = number.stripTrailingZeros().scale() <= 0;
      if (whole && number.signum() > 0 && number.compareTo(MOST_TOKENS) <= 0) {
        return number.intValueExact();
      }
    }
    throw new KvPlanException(
        "every=%s is not a whole number of decoded tokens; expected 1 to %s"
            .formatted(Quote.bare(value.written()), MOST_TOKENS));
  }
}
