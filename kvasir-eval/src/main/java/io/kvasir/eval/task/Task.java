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

  /** Whether nothing is asked: the text goes on by itself, and predictions of it are compared. */
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
