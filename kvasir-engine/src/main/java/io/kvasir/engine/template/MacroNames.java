package io.kvasir.engine.template;

import java.util.HashSet;
import java.util.Set;

/**
 * Which of the names {@code varargs}, {@code kwargs} and {@code caller} the macro being parsed
 * reads: Jinja lets a macro take unnamed rests and call blocks only if its body mentions them.
 */
final class MacroNames {
  private static final Set<String> SPECIAL = Set.of("varargs", "kwargs", "caller");

  private Set<String> found = new HashSet<>();

  void read(String name) {
    if (SPECIAL.contains(name)) {
      found.add(name);
    }
  }

  /** A macro begins: forgets, and returns what {@link #end} needs. */
  Set<String> begin() {
    Set<String> outer = found;
    found = new HashSet<>();
    return outer;
  }

  /** A macro ends: returns its names, which count as read by the macro around it too. */
  Set<String> end(Set<String> outer) {
    Set<String> inner = found;
    outer.addAll(inner);
    found = outer;
    return inner;
  }
}
