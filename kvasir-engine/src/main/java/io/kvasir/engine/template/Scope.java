package io.kvasir.engine.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables of one body, inside the ones around it. */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Object> variables;

  private Scope(Optional<Scope> outer, Map<String, Object> variables) {
    this.outer = outer;
    this.variables = variables;
  }

  /** The outermost scope: what the template is given. */
  Scope(Map<String, Object> context) {
    this(Optional.empty(), context);
  }

  Scope inner() {
    return new Scope(Optional.of(this), new HashMap<>());
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Optional<Object> find(String name) {
    for (Scope scope = this; ; scope = scope.outer.get()) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return Optional.of(value);
      }
      if (scope.outer.isEmpty()) {
        return Optional.empty();
      }
    }
  }
}
