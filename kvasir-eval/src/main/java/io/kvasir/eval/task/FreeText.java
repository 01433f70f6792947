package io.kvasir.eval.task;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Prose that the model goes on with freely, for plans that compress while they decode. Weighed on
 * f16's own text, and by {@link FreeRun} on what the plan writes itself.
 */
record FreeText() implements Task {
  private static final int WRITTEN = 512;

  @Override
  public String name() {
    return "gen";
  }

  @Override
  public String about() {
    return "write %d tokens after a piece of prose".formatted(WRITTEN);
  }

  @Override
  public boolean continues() {
    return true;
  }

  @Override
  public Item item(Recipe recipe) {
    Passage passage = Passage.cut(this, recipe, recipe.ctx() - recipe.template() - WRITTEN, 1);
    Question question =
        new Question(
            "", "", "", List.of(), List.of(), OptionalDouble.empty(), WRITTEN, Metric.LIKELIHOOD);
    return Items.of(this, recipe, true, passage.context(), List.of(question));
  }
}
