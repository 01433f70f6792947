package io.kvasir.eval.task;

import io.kvasir.eval.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Coded words whose frequencies fall with the square of their rank: which three lead?
 *
 * <p>Source: RULER, Hsieh et al. 2024, arXiv:2404.06654, section 3 (frequent words extraction): of
 * n words the one of rank k stands {@code floor(n k^-2 / zeta(2))} times; the first rank is dots,
 * which are noise; the vocabulary has ctx/50 words of six letters.
 */
record FrequentWords() implements Task {
  private static final double ZETA_2 = Math.PI * Math.PI / 6;
  private static final int TOKENS_PER_WORD = 50;
  private static final int LETTERS = 6;
  private static final String NOISE = "...";

  /** Ranks 1 to 3 must differ: 9 of 25, 4 of 25 and so on; RULER starts no lower either. */
  private static final int FEWEST = 100;

  @Override
  public String name() {
    return "fwe";
  }

  @Override
  public String about() {
    return "name the three most frequent of coded words (RULER, Hsieh et al. 2024)";
  }

  @Override
  public Item item(Recipe recipe) {
    UniformRandomProvider random = recipe.random(this);
    List<String> coded =
        Draws.distinct(
            Math.max(3, recipe.ctx() / TOKENS_PER_WORD),
            () -> Draws.letters(random, LETTERS, 'a', 'z'));
    Question question =
        Question.lookup(
            recipe,
            "Which three words stand in the coded text most often, the dots not counted?",
            "The three most frequent words are",
            coded.subList(0, 3),
            Metric.SHARE_FOUND);
    int room = recipe.room(List.of(question));
    int more = Fill.units(this, recipe, room, Fill.MANY, n -> text(recipe, coded, FEWEST + n));
    return Items.of(this, recipe, false, text(recipe, coded, FEWEST + more), List.of(question));
  }

  private String text(Recipe recipe, List<String> coded, int n) {
    List<String> all = new ArrayList<>();
    for (int rank = 1; rank <= coded.size() + 1; rank++) {
      int times = (int) (n / ((double) rank * rank * ZETA_2));
      all.addAll(Collections.nCopies(times, rank == 1 ? NOISE : coded.get(rank - 2)));
    }
    // The order is the same for every n, but for words that are new: texts grow evenly.
    UniformRandomProvider random = Seeded.of(recipe.seed(), name(), recipe.ctx(), recipe.number());
    return "Count the words of this coded text.\n\n"
        + String.join(" ", Draws.shuffled(random, all));
  }
}
