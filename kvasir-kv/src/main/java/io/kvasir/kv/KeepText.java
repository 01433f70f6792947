package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Amount;
import io.kvasir.kv.PlanSyntax.Value;
import java.math.BigDecimal;

/** Reads {@code keep} and {@code every}, which the plan takes from a scorer or a budget. */
final class KeepText {
  private static final String EXPECTED =
      "expected a share (25%), pairs per KV head (512) or bytes (64MB)";

  private KeepText() {}

  static Keep keep(String method, Value value) {
    if (!(value instanceof Amount amount)) {
      throw refused(method, value);
    }
    BigDecimal number = amount.number();
    if (amount.percent()) {
      return new Keep.Share(number.movePointLeft(2));
    }
    long unit = amount.plain() ? 1 : unit(method, amount);
    BigDecimal exact = number.multiply(BigDecimal.valueOf(unit)).stripTrailingZeros();
    long most = amount.plain() ? Integer.MAX_VALUE : Long.MAX_VALUE;
    if (exact.scale() > 0) {
      throw refused(method, value);
    }
    if (exact.compareTo(BigDecimal.valueOf(most)) > 0 || exact.signum() <= 0) {
      throw new KvPlanException(
          "%s: keep=%s is out of range; expected 1 to %d"
              .formatted(method, value.written(), most / unit));
    }
    return amount.plain()
        ? new Keep.Pairs(exact.intValueExact())
        : new Keep.Bytes(exact.longValueExact());
  }

  private static long unit(String method, Amount amount) {
    for (Keep.Bytes.Unit unit : Keep.Bytes.Unit.values()) {
      if (unit.name().equals(amount.unit())) {
        return unit.bytes();
      }
    }
    throw refused(method, amount);
  }

  private static KvPlanException refused(String method, Value value) {
    return new KvPlanException(
        "%s: keep=%s is not an amount; %s".formatted(method, value.written(), EXPECTED));
  }

  /** Decoded tokens between two compressions. */
  static int every(String method, Value value) {
    BigDecimal number =
        value instanceof Amount amount && amount.plain() ? amount.number() : BigDecimal.ZERO;
    if (number.stripTrailingZeros().scale() > 0
        || number.signum() <= 0
        || number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw new KvPlanException(
          "%s: every=%s; expected a whole number of decoded tokens, at least 1"
              .formatted(method, value.written()));
    }
    return number.intValueExact();
  }
}
