package io.kvasir.eval.task;

import java.util.Optional;

/**
 * A kind of question about a long context, and how answers are scored. A task is a record whose
 * components are its parameters; the same recipe gives the same item.
 */
public interface Task {
  /** What it is called, with its parameters: {@code vt(hops=4)}. */
  String name();

  /** Raised whenever the same recipe gives another item: older results are of another task then. */
  default int version() {
    return 1;
  }

  /** One sentence: what is asked of what, and where the idea comes from. */
  String about();

  /** What is missing on this machine, so that the task is left out; nothing for most. */
  default Optional<String> missing() {
    return Optional.empty();
  }

  /** How many contexts there are; tasks that make them have any number. */
  default int contexts() {
    return Integer.MAX_VALUE;
  }

  /** Whether the recipe's context can be had: a text of the user's may be too long for a ctx. */
  default boolean has(Recipe recipe) {
    return recipe.number() < contexts();
  }

  /** Whether nobody knows a right answer, and what is predicted is compared with f16. */
  default boolean continues() {
    return false;
  }

  /**
   * Makes the context with a recipe's number, and questions about it.
   *
   * @return together with template and the longest question and answer 98 to 100 % of the recipe's
   *     tokens
   * @throws io.kvasir.eval.InputException when the recipe's ctx is too short, or its corpus
   */
  Item item(Recipe recipe);
}
