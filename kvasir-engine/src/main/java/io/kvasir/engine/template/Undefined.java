package io.kvasir.engine.template;

import java.util.function.Supplier;

/**
 * The value of what is not there: prints nothing, is false and empty, and fails with {@code
 * message} as soon as anything else is done with it.
 */
record Undefined(Supplier<String> message) {
  static Undefined because(String message) {
    return new Undefined(() -> message);
  }

  static Undefined name(String name) {
    return new Undefined(() -> "\"%s\" is undefined".formatted(name));
  }

  static Undefined attribute(Object of, String name) {
    return new Undefined(() -> "%s has no attribute \"%s\"".formatted(Types.object(of), name));
  }

  static Undefined element(Object of, Object key) {
    return new Undefined(
        () ->
            key instanceof Long index
                ? "%s has no element %d".formatted(Types.object(of), index)
                : "%s has no element for %s".formatted(Types.object(of), Types.object(key)));
  }

  /** What the sandbox keeps from templates. */
  static Undefined unsafe(Object of, String name) {
    return new Undefined(
        () -> "access to \"%s\" of %s is refused".formatted(name, Types.object(of)));
  }

  TemplateException failure() {
    return new TemplateException(message.get());
  }
}
