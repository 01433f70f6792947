package io.kvasir.eval.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A text that a line with sets may stand for, and what was chosen to get it.
 *
 * @param choices {@code key=value}, from left to right
 */
record Expansion(String text, List<String> choices) {
  static final List<Expansion> NOTHING = List.of(new Expansion("", List.of()));

  Expansion {
    choices = List.copyOf(choices);
  }

  /** The text and a further piece of it. */
  Expansion then(String piece) {
    return new Expansion(text + piece, choices);
  }

  /** What to call it in a line called {@code label}. */
  String label(String label) {
    return choices.isEmpty() ? label : label + " " + String.join(",", choices);
  }

  /** Each of {@code expansions} with each value: the first set of a line varies slowest. */
  static List<Expansion> product(List<Expansion> expansions, String key, List<String> values) {
    List<Expansion> product = new ArrayList<>();
    for (Expansion expansion : expansions) {
      for (String value : values) {
        product.add(
            new Expansion(
                expansion.text + value,
                Stream.concat(expansion.choices.stream(), Stream.of(key + "=" + value)).toList()));
      }
    }
    return product;
  }
}
