package io.kvasir.engine.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What every value has: a type name, a truth, and perhaps items and a length. */
final class Types {
  private Types() {}

  /** Python's name of the type. */
  static String name(Object value) {
    return switch (value) {
      case String text -> "str";
      case Long number -> "int";
      case BigInteger number -> "int";
      case Double number -> "float";
      case Boolean truth -> "bool";
      case None none -> "NoneType";
      case List<?> list -> "list";
      case Tuple tuple -> "tuple";
      case Dict dict -> "dict";
      case View view -> view.kind().typeName();
      case Generator generator -> "generator";
      case Undefined undefined -> "Undefined";
      case Namespace namespace -> "Namespace";
      case Loop loop -> "LoopContext";
      case Macro macro -> "Macro";
      case Callable function -> "function";
      default -> "object";
    };
  }

  /** For messages: what kind of thing a value is. */
  static String object(Object value) {
    if (value == None.NONE) {
      return "none";
    }
    String name = name(value);
    return ("aeiouAEIOU".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Long number -> number != 0;
      case Double number -> number != 0;
      case None none -> false;
      case Undefined undefined -> false;
      case List<?> list -> !list.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Dict dict -> dict.size() > 0;
      case View view -> !view.items().isEmpty();
      default -> true;
    };
  }

  static boolean isIterable(Object value) {
    return switch (value) {
      case String text -> true;
      case List<?> list -> true;
      case Tuple tuple -> true;
      case Dict dict -> true;
      case View view -> true;
      case Generator generator -> true;
      case Undefined undefined -> true;
      default -> false;
    };
  }

  /** Whether {@code len} and indices work: not for what is only iterable. */
  static boolean isSequence(Object value) {
    return switch (value) {
      case String text -> true;
      case List<?> list -> true;
      case Tuple tuple -> true;
      case Dict dict -> true;
      case Undefined undefined -> true;
      case View view -> view.isRange();
      default -> false;
    };
  }

  /** The items that a loop over the value sees; takes a generator's. */
  @SuppressWarnings("unchecked") // every list in a template holds Objects
  static List<Object> items(Object value, Budget budget) {
    List<Object> items =
        switch (value) {
          case List<?> list -> (List<Object>) list;
          case Tuple tuple -> tuple.items();
          case View view -> view.items();
          case Dict dict -> dict.keys();
          case String text -> characters(text, budget);
          case Undefined undefined -> List.of();
          case Generator generator -> rest(generator.items());
          default -> throw new TemplateException("%s is not iterable".formatted(object(value)));
        };
    budget.elements(items.size());
    return items;
  }

  private static List<Object> characters(String text, Budget budget) {
    budget.list(text.length());
    List<Object> characters = new ArrayList<>();
    text.codePoints().forEach(c -> characters.add(Character.toString(c)));
    return characters;
  }

  private static List<Object> rest(Iterator<Object> items) {
    List<Object> rest = new ArrayList<>();
    items.forEachRemaining(rest::add);
    return rest;
  }

  /** Python's {@code len}. */
  static long length(Object value, Budget budget) {
    return switch (value) {
      case String text -> {
        budget.characters(text.length());
        yield Chars.length(text);
      }
      case List<?> list -> list.size();
      case Tuple tuple -> tuple.items().size();
      case Dict dict -> dict.size();
      case View view -> view.items().size();
      case Undefined undefined -> 0;
      default -> throw new TemplateException("%s has no length".formatted(object(value)));
    };
  }
}
