package io.kvasir.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * Python's integers: Long, or BigInteger beyond its range, up to {@value #MAX_BITS} bits. Booleans
 * are integers too.
 */
final class Integers {
  /** As far as floats reach; also keeps every operation short. */
  static final int MAX_BITS = 1024;

  private static final long EXACT_IN_DOUBLE = 1L << 53;

  private Integers() {}

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static BigInteger big(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger number -> number;
      case Long number -> BigInteger.valueOf(number);
      default -> throw new TemplateException("%s is no integer".formatted(Types.object(value)));
    };
  }

  /** The smaller representation of a result. */
  static Object of(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return value.longValue();
    }
    if (value.bitLength() > MAX_BITS) {
      throw new TemplateException(
          "an integer grows beyond the limit of %d bits".formatted(MAX_BITS));
    }
    return value;
  }

  /** A literal of a template: decimal, 0x, 0o or 0b, with underscores between digits. */
  static Object literal(String written) {
    String digits = written.replace("_", "");
    int radix =
        switch (digits.length() < 2 ? ' ' : Character.toLowerCase(digits.charAt(1))) {
          case 'x' -> 16;
          case 'o' -> 8;
          case 'b' -> 2;
          default -> 10;
        };
    return parse(radix == 10 ? digits : digits.substring(2), radix);
  }

  /** Digits with an optional sign; the caller has checked them. */
  static Object parse(String digits, int radix) {
    if (digits.length() > MAX_BITS) {
      throw new TemplateException(
          "an integer grows beyond the limit of %d bits".formatted(MAX_BITS));
    }
    return of(new BigInteger(digits, radix));
  }

  static Object add(Object left, Object right) {
    if (left instanceof Long x && right instanceof Long y) {
      long sum = x + y;
      if (((x ^ sum) & (y ^ sum)) >= 0) {
        return sum;
      }
    }
    return of(big(left).add(big(right)));
  }

  static Object subtract(Object left, Object right) {
    return add(left, of(big(right).negate()));
  }

  static Object multiply(Object left, Object right) {
    return of(big(left).multiply(big(right)));
  }

  static Object negate(Object value) {
    return of(big(value).negate());
  }

  /** Rounds towards minus infinity. */
  static Object floorDivide(Object left, Object right) {
    BigInteger[] parts = big(left).divideAndRemainder(big(right));
    boolean below = parts[1].signum() * big(right).signum() < 0;
    return of(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
  }

  /** Has the divisor's sign. */
  static Object modulo(Object left, Object right) {
    BigInteger divisor = big(right);
    BigInteger remainder = big(left).remainder(divisor);
    return of(remainder.signum() * divisor.signum() < 0 ? remainder.add(divisor) : remainder);
  }

  static double divide(Object left, Object right) {
    if (of(big(left)) instanceof Long x
        && of(big(right)) instanceof Long y
        && isExact(x)
        && isExact(y)) {
      return (double) x / y;
    }
    BigDecimal quotient =
        new BigDecimal(big(left)).divide(new BigDecimal(big(right)), MathContext.DECIMAL128);
    return finite(quotient.doubleValue());
  }

  private static boolean isExact(long value) {
    return Math.abs(value) <= EXACT_IN_DOUBLE && value != Long.MIN_VALUE;
  }

  /** An exponent from 0 on. */
  static Object power(Object base, BigInteger exponent) {
    BigInteger number = big(base);
    if (number.abs().bitLength() <= 1) {
      boolean negative = number.signum() < 0 && !exponent.testBit(0);
      return exponent.signum() == 0 ? 1L : of(negative ? number.negate() : number);
    }
    BigInteger bits = exponent.multiply(BigInteger.valueOf(number.bitLength() - 1L));
    if (bits.compareTo(BigInteger.valueOf(MAX_BITS)) > 0) {
      throw new TemplateException(
          "an integer grows beyond the limit of %d bits".formatted(MAX_BITS));
    }
    return of(number.pow(exponent.intValueExact()));
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : finite(big(value).doubleValue());
  }

  private static double finite(double value) {
    if (Double.isInfinite(value)) {
      throw new TemplateException("an integer is too large for a float");
    }
    return value;
  }
}
