package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Operator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's binary operators on numbers, texts and lists. */
final class Arithmetic {
  private Arithmetic() {}

  static Object apply(Operator operator, Object left, Object right, Budget budget) {
    if (operator == Operator.MODULO && left instanceof String format) {
      return PercentFormat.format(format, right, budget);
    }
    for (Object operand : List.of(left, right)) {
      if (operand instanceof Undefined undefined) {
        throw undefined.failure();
      }
    }
    if (isNumber(left) && isNumber(right)) {
      return Integers.isInteger(left) && Integers.isInteger(right)
          ? integers(operator, left, right)
          : floats(operator, Integers.toDouble(left), Integers.toDouble(right));
    }
    if (operator == Operator.ADD) {
      return concatenate(left, right, budget);
    }
    if (operator == Operator.MULTIPLY && Integers.isInteger(right)) {
      return repeat(left, right, budget);
    }
    if (operator == Operator.MULTIPLY && Integers.isInteger(left)) {
      return repeat(right, left, budget);
    }
    throw unsupported(operator, left, right);
  }

  static boolean isNumber(Object value) {
    return value instanceof Double || Integers.isInteger(value);
  }

  private static TemplateException unsupported(Operator operator, Object left, Object right) {
    return new TemplateException(
        "\"%s\" does not work between %s and %s"
            .formatted(operator.symbol(), Types.object(left), Types.object(right)));
  }

  private static Object integers(Operator operator, Object left, Object right) {
    return switch (operator) {
      case ADD -> Integers.add(left, right);
      case SUBTRACT -> Integers.subtract(left, right);
      case MULTIPLY -> Integers.multiply(left, right);
      case DIVIDE -> Integers.divide(left, nonZero(right));
      case FLOOR_DIVIDE -> Integers.floorDivide(left, nonZero(right));
      case MODULO -> Integers.modulo(left, nonZero(right));
      case POWER -> {
        BigInteger exponent = Integers.big(right);
        yield exponent.signum() < 0
            ? floats(operator, Integers.toDouble(left), exponent.doubleValue())
            : Integers.power(left, exponent);
      }
    };
  }

  private static double floats(Operator operator, double left, double right) {
    return switch (operator) {
      case ADD -> left + right;
      case SUBTRACT -> left - right;
      case MULTIPLY -> left * right;
      case DIVIDE -> left / (double) nonZero(right);
      case FLOOR_DIVIDE -> floorDivide(left, (double) nonZero(right));
      case MODULO -> modulo(left, (double) nonZero(right));
      case POWER -> power(left, right);
    };
  }

  private static Object nonZero(Object divisor) {
    if (!Types.truth(divisor)) {
      throw new TemplateException("a number is divided by zero");
    }
    return divisor;
  }

  /** Has the divisor's sign. */
  private static double modulo(double left, double right) {
    double rest = left % right;
    if (rest == 0) {
      return Math.copySign(0.0, right);
    }
    return rest < 0 == right < 0 ? rest : rest + right;
  }

  private static double floorDivide(double left, double right) {
    double quotient = (left - modulo(left, right)) / right;
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new TemplateException("zero has no negative power");
    }
    double result = base == 1 ? 1 : Math.pow(base, exponent);
    if (Double.isNaN(result) && !Double.isNaN(base) && !Double.isNaN(exponent)) {
      throw new TemplateException("a negative number has no real power that is a fraction");
    }
    if (Double.isInfinite(result) && !Double.isInfinite(base) && !Double.isInfinite(exponent)) {
      throw new TemplateException("a power is too large for a float");
    }
    return result;
  }

  private static Object concatenate(Object left, Object right, Budget budget) {
    if (left instanceof String x && right instanceof String y) {
      budget.text((long) x.length() + y.length());
      return x.concat(y);
    }
    if (left instanceof List<?> x && right instanceof List<?> y) {
      return joined(x, y, budget);
    }
    if (left instanceof Tuple x && right instanceof Tuple y) {
      return new Tuple(joined(x.items(), y.items(), budget));
    }
    throw unsupported(Operator.ADD, left, right);
  }

  private static List<Object> joined(List<?> left, List<?> right, Budget budget) {
    budget.list((long) left.size() + right.size());
    List<Object> both = new ArrayList<>(left.size() + right.size());
    both.addAll(left);
    both.addAll(right);
    return both;
  }

  private static Object repeat(Object value, Object times, Budget budget) {
    BigInteger count = Integers.big(times).max(BigInteger.ZERO);
    return switch (value) {
      case String text -> {
        budget.text(total(text.length(), count));
        yield text.isEmpty() ? text : text.repeat(count.intValueExact());
      }
      case List<?> list -> repeated(list, count, budget);
      case Tuple tuple -> new Tuple(repeated(tuple.items(), count, budget));
      default -> throw unsupported(Operator.MULTIPLY, value, times);
    };
  }

  private static List<Object> repeated(List<?> list, BigInteger count, Budget budget) {
    budget.list(total(list.size(), count));
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < (list.isEmpty() ? 0 : count.intValueExact()); i++) {
      all.addAll(list);
    }
    return all;
  }

  /** The product, or the largest long if it is none. */
  private static long total(int length, BigInteger count) {
    BigInteger product = count.multiply(BigInteger.valueOf(length));
    return product.bitLength() < Long.SIZE ? product.longValue() : Long.MAX_VALUE;
  }
}
