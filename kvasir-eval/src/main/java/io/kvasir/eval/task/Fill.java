package io.kvasir.eval.task;

import io.kvasir.eval.InputException;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Fills a context: as many whole units as fit, and then words of padding, so that what is left is
 * less than a word. Each step asks the tokenizer about the whole text, because tokens join across
 * seams.
 */
final class Fill {
  /** Units or padding words without a limit of their own. */
  static final int MANY = 1 << 22;

  private Fill() {}

  /** A context of some size; more units or words make a longer one. */
  @FunctionalInterface
  interface Draft {
    String text(int units, int words);
  }

  /**
   * The longest draft that leaves room for the questions.
   *
   * @throws InputException when not even one unit fits
   */
  static String fill(Task task, Recipe recipe, int room, Draft draft) {
    return fill(task, recipe, room, MANY, draft);
  }

  /**
   * The longest draft of at most {@code limit} units.
   *
   * @throws InputException when not even one unit fits
   */
  static String fill(Task task, Recipe recipe, int room, int limit, Draft draft) {
    int units = units(task, recipe, room, limit, count -> draft.text(count, 0));
    int words = most(n -> recipe.tokens().count(draft.text(units, n)) <= room, MANY);
    return draft.text(units, words);
  }

  /**
   * How many units fit, at least one.
   *
   * @param limit there are no more
   * @throws InputException when not even one unit fits
   */
  static int units(Task task, Recipe recipe, int room, int limit, IntFunction<String> draft) {
    int least = recipe.tokens().count(draft.apply(1));
    if (least > room) {
      throw new InputException(
          "%s: ctx %d is too short: its smallest context has %d tokens, and beside question and answer there is room for %d"
              .formatted(task.name(), recipe.ctx(), least, Math.max(0, room)));
    }
    return most(units -> recipe.tokens().count(draft.apply(units)) <= room, limit);
  }

  /** The largest number up to a limit that fits, if more fits less: doubling, then halving. */
  static int most(IntPredicate fits, int limit) {
    int good = 0;
    int next = 1;
    while (good < limit && fits.test(next)) {
      good = next;
      next = Math.min(2 * next, limit);
    }
    int bad = good < limit ? next : limit + 1;
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (fits.test(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }
}
