package io.kvasir.engine.template;

/**
 * The value of what is not there: prints nothing, is false and empty, and fails with {@code
 * message} as soon as anything is done with it.
 */
record Undefined(String message) {
  static Undefined name(String name) {
    return new Undefined("\"%s\" is undefined".formatted(name));
  }

  static Undefined attribute(Object of, String name) {
    return new Undefined("%s has no attribute \"%s\"".formatted(Types.object(of), name));
  }

  static Undefined element(Object of, Object key) {
    String shown = key instanceof Long number ? Long.toString(number) : Types.object(key);
    return new Undefined("%s has no element %s".formatted(Types.object(of), shown));
  }

  /** What the sandbox keeps from templates. */
  static Undefined unsafe(Object of, String name) {
    return new Undefined(
        "access to \"%s\" of %s is refused by the sandbox".formatted(name, Types.object(of)));
  }

  TemplateException failure() {
    return new TemplateException(message);
  }
}
