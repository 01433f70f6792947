package io.kvasir.eval.task;

import io.kvasir.eval.InputException;
import io.kvasir.eval.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A numbered list of words, ten of them more often than all others: which ten?
 *
 * <p>Source: RULER, Hsieh et al. 2024, arXiv:2404.06654, section 3 (common words extraction): the
 * ten stand 30 times each, the others 3 times; below 4,096 tokens 6 times and once.
 *
 * <p>Differs: the words are of the corpus.
 */
record CommonWords() implements Task {
  private static final int COMMON = 10;
  private static final int LONG = 4096;

  @Override
  public String name() {
    return "cwe";
  }

  @Override
  public String about() {
    return "name the ten most common words of a list (RULER, Hsieh et al. 2024)";
  }

  @Override
  public Item item(Recipe recipe) {
    List<String> words = Draws.shuffled(recipe.random(this), recipe.prose().words());
    int most = words.size() - COMMON;
    if (most < 1) {
      throw new InputException(
          "cwe: %s has %d different words; expected more than %d"
              .formatted(recipe.prose().name(), words.size(), COMMON));
    }
    List<String> common = words.subList(0, COMMON);
    Question question =
        Question.lookup(
            recipe,
            "Which ten words stand in the list most often?",
            "The ten most common words are",
            common,
            Metric.SHARE_FOUND);
    int room = recipe.room(List.of(question));
    int others = Fill.units(this, recipe, room, most, count -> list(recipe, words, count));
    if (others == most) {
      throw new InputException(
          "cwe: %s has %d different words, too few for ctx %d"
              .formatted(recipe.prose().name(), words.size(), recipe.ctx()));
    }
    return Items.of(this, recipe, true, list(recipe, words, others), List.of(question));
  }

  private String list(Recipe recipe, List<String> words, int others) {
    boolean large = recipe.ctx() >= LONG;
    List<String> all = new ArrayList<>();
    for (int i = 0; i < COMMON + others; i++) {
      int times = i < COMMON ? large ? 30 : 6 : large ? 3 : 1;
      all.addAll(Collections.nCopies(times, words.get(i)));
    }
    List<String> order =
        Draws.shuffled(
            Seeded.of(recipe.seed(), name(), recipe.ctx(), recipe.number(), others), all);
    StringBuilder list =
        new StringBuilder(
            "Some words of this numbered list stand in it more often than others.\n\n");
    for (int i = 0; i < order.size(); i++) {
      list.append(i + 1).append(". ").append(order.get(i)).append('\n');
    }
    return list.toString();
  }
}
