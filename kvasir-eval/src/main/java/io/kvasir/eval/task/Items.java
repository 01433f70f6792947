package io.kvasir.eval.task;

import java.util.List;

/** Puts items together. */
final class Items {
  private Items() {}

  /**
   * @param prose whether the context is made of the recipe's corpus
   */
  static Item of(
      Task task, Recipe recipe, boolean prose, String context, List<Question> questions) {
    return of(task, recipe, prose ? recipe.prose().sha() : "", context, questions);
  }

  /**
   * @param corpus SHA-256 of what the context is made of
   */
  static Item of(
      Task task, Recipe recipe, String corpus, String context, List<Question> questions) {
    return new Item(
        task.name(),
        task.version(),
        corpus,
        recipe.ctx(),
        recipe.seed(),
        recipe.number(),
        context,
        questions);
  }
}
