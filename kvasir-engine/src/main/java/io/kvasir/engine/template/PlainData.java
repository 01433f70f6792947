package io.kvasir.engine.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a context may hold, turned into the interpreter's own values: nothing else gets in. */
final class PlainData {
  private PlainData() {}

  static Object of(@Nullable Object value, Budget budget) {
    budget.step();
    return switch (value) {
      case null -> None.NONE;
      case CharSequence text -> text.toString();
      case Boolean truth -> truth;
      case Number number -> number(number);
      case List<?> list -> list(list, budget);
      case Map<?, ?> map -> dict(map, budget);
      default ->
          throw new TemplateException(
              "a context holds maps, lists, strings, numbers, booleans and null, but not %s"
                  .formatted(value.getClass().getName()));
    };
  }

  private static Object number(Number number) {
    return switch (number) {
      case Long value -> value;
      case Integer value -> value.longValue();
      case Short value -> value.longValue();
      case Byte value -> value.longValue();
      case BigInteger value -> Integers.of(value);
      case Double value -> value;
      case Float value -> value.doubleValue();
      case BigDecimal value -> value.doubleValue();
      default ->
          throw new TemplateException(
              "a context holds integers and floats, but not %s"
                  .formatted(number.getClass().getName()));
    };
  }

  private static Object list(List<?> list, Budget budget) {
    budget.enter();
    List<Object> items = new ArrayList<>(list.size());
    for (Object item : list) {
      items.add(of(item, budget));
    }
    budget.leave();
    return items;
  }

  private static Object dict(Map<?, ?> map, Budget budget) {
    budget.enter();
    Dict dict = new Dict();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new TemplateException("the keys of a context's maps must be strings");
          }
          dict.put(name, of(value, budget), budget);
        });
    budget.leave();
    return dict;
  }
}
