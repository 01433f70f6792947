package io.kvasir.eval.run;

import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Question;
import io.kvasir.eval.task.Recipe;
import io.kvasir.eval.task.Task;
import java.util.List;
import java.util.Optional;

/** Makes the contexts of a sweep for one model, as long as its template leaves room for. */
final class Contexts {
  private final Sweep sweep;
  private final PromptForm form;

  Contexts(Sweep sweep, PromptForm form) {
    this.sweep = sweep;
    this.form = form;
  }

  /**
   * A context, where there is one of that number and it fits. A ctx that has room for the first one
   * may have none for another, whose names take more tokens.
   *
   * @throws io.kvasir.eval.InputException the ctx is too short for the first one, or the corpus
   */
  Optional<Item> itemIfAny(Task task, int ctx, int number) {
    try {
      return made(task, ctx, number);
    } catch (InputException e) {
      if (number == 0) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** What stands around questions is known once they are: it is made again where that is more. */
  private Optional<Item> made(Task task, int ctx, int number) {
    int around = form.plain("").length;
    if (!task.has(recipe(ctx, number, around))) {
      return Optional.empty();
    }
    Item item = item(task, ctx, number, around);
    int needed = around(item);
    if (needed <= around) {
      return Optional.of(item);
    }
    return task.has(recipe(ctx, number, needed))
        ? Optional.of(item(task, ctx, number, needed))
        : Optional.empty();
  }

  private Item item(Task task, int ctx, int number, int around) {
    return task.item(recipe(ctx, number, around));
  }

  private Recipe recipe(int ctx, int number, int around) {
    return new Recipe(
        sweep.seed(), ctx, number, sweep.protocol(), around, form::count, sweep.prose());
  }

  private int around(Item item) {
    if (Reading.continues(item)) {
      return 0;
    }
    List<Question> questions = item.questions();
    int most = 0;
    for (int q = 0; q < questions.size(); q++) {
      most = Math.max(most, form.around(questions, q));
    }
    return most;
  }
}
