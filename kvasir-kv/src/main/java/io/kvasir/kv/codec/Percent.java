package io.kvasir.kv.codec;

import java.math.BigDecimal;

/** A share as plans have it. */
final class Percent {
  private Percent() {}

  /** 0.125 is 12.5%. */
  static String of(double share) {
    BigDecimal percent = BigDecimal.valueOf(share).movePointRight(2);
    return percent.stripTrailingZeros().toPlainString() + "%";
  }
}
