package io.kvasir.kv;

import java.math.BigDecimal;
import java.util.List;

/** Plan text as it was written, before any name has a meaning. */
final class PlanSyntax {
  private PlanSyntax() {}

  /** {@code [prefix ":"] method}. */
  record Part(Prefix prefix, Call call) {}

  /** What a part is narrowed to. */
  sealed interface Prefix {
    record Whole() implements Prefix {}

    record Keys() implements Prefix {}

    record Values() implements Prefix {}

    /** Layers {@code first} to {@code last}, both included. */
    record Layers(int first, int last) implements Prefix {
      @Override
      public String toString() {
        return "layers=" + first + "-" + last + ":";
      }
    }
  }

  /** {@code NAME [ "(" KEY "=" value ... ")" ]}; no key stands twice. */
  record Call(String name, List<Arg> args) {}

  record Arg(String key, Value value) {}

  /** The right side of {@code KEY=}; {@code written} is its text. */
  sealed interface Value {
    String written();
  }

  /** A number and the unit behind it: {@code ""}, {@code %}, {@code B}, {@code KB} and so on. */
  record Amount(String written, BigDecimal number, String unit) implements Value {
    boolean plain() {
      return unit.isEmpty();
    }

    boolean percent() {
      return unit.equals("%");
    }
  }

  /** A word, or a method that a wrapper takes: which of the two only the parameter knows. */
  record Name(String written, Call call) implements Value {}
}
