package io.kvasir.engine.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a template gives to a function, method, filter or test. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /**
   * Gives each argument the name of its parameter.
   *
   * @param function for messages
   * @param required how many of the first parameters must be given
   */
  Bound bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new TemplateException(
          "%s takes at most %d arguments, but %d are given"
              .formatted(function, parameters.length, positional.size()));
    }
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters[i], positional.get(i));
    }
    named.forEach(
        (name, value) -> {
          if (!List.of(parameters).contains(name) || values.put(name, value) != null) {
            throw new TemplateException(
                "%s does not take the argument \"%s\" here".formatted(function, name));
          }
        });
    for (int i = 0; i < required; i++) {
      if (!values.containsKey(parameters[i])) {
        throw new TemplateException(
            "%s needs the argument \"%s\"".formatted(function, parameters[i]));
      }
    }
    return new Bound(function, values);
  }

  /** Arguments by name, with the conversions that functions need. */
  record Bound(String function, Map<String, Object> values) {
    boolean has(String name) {
      return values.containsKey(name) && values.get(name) != None.NONE;
    }

    Object value(String name, Object otherwise) {
      return values.getOrDefault(name, otherwise);
    }

    /** A required argument, or none where the caller has checked {@link #has}. */
    Object value(String name) {
      return value(name, None.NONE);
    }

    String text(String name) {
      return text(value(name), name);
    }

    String text(String name, String otherwise) {
      return text(value(name, otherwise), name);
    }

    private String text(Object value, String name) {
      if (value instanceof String text) {
        return text;
      }
      throw wrong(name, "a string", value);
    }

    long integer(String name, long otherwise) {
      Object value = value(name, otherwise);
      return switch (value) {
        case Long number -> number;
        case Boolean truth -> truth ? 1 : 0;
        default -> throw wrong(name, "an integer", value);
      };
    }

    /** Truth of any value. */
    boolean flag(String name) {
      return Types.truth(value(name, false));
    }

    private TemplateException wrong(String name, String expected, Object value) {
      return new TemplateException(
          "%s: the argument \"%s\" must be %s, but is %s"
              .formatted(function, name, expected, Types.object(value)));
    }
  }
}
