package io.kvasir.eval.task;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Real prose, and how it really goes on: forced, and compared with f16 token by token. Whoever runs
 * it also weighs the far tokens alone, those that f16 predicts at least 1 nat better than it does
 * from the last 256 tokens only.
 *
 * <p>Source: LongPPL, Fang et al. 2024, arXiv:2410.23771, equation 2, for the far tokens.
 */
record RealText() implements Task {
  private static final int FOLLOWING = 256;

  @Override
  public String name() {
    return "text";
  }

  @Override
  public String about() {
    return "predict how prose goes on for %d tokens (far tokens after Fang et al. 2024)"
        .formatted(FOLLOWING);
  }

  @Override
  public boolean continues() {
    return true;
  }

  @Override
  public Item item(Recipe recipe) {
    Passage passage =
        Passage.cut(this, recipe, recipe.ctx() - recipe.template() - FOLLOWING, FOLLOWING);
    Question question =
        new Question(
            "",
            "",
            passage.next(),
            List.of(),
            List.of(),
            OptionalDouble.empty(),
            FOLLOWING,
            Metric.LIKELIHOOD);
    return Items.of(this, recipe, true, passage.context(), List.of(question));
  }
}
