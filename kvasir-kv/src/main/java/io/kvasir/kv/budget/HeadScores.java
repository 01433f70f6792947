package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.CalibrationText;
import java.util.Arrays;
import java.util.List;

/** How a head shows that it is worth more pairs: needles, and what counts in a step of copying. */
enum HeadScores {
  /**
   * A head copies: it looks most at the very token that comes next.
   *
   * <p>Paper: Wu et al. 2024, arXiv:2404.15574. Code: nightdessert/Retrieval_Head.
   */
  RETRIEVAL {
    @Override
    List<Needle> needles(CalibrationText text) {
      return List.of(
          Needle.of(
              text,
              "A new report from the WMO shows that records were once again broken, and in some "
                  + "cases smashed, for greenhouse gas levels, surface temperatures, ocean heat "
                  + "and acidification.",
              "What does a new report from WMO shows ?",
              "records were once again broken, and in some cases smashed, for greenhouse gas "
                  + "levels, surface temperatures, ocean heat and acidification."),
          Needle.of(
              text,
              "The best thing to do in Beijing is to take a walk in Chaoyang Park and have a cup "
                  + "of Espresso in the evening.",
              "What is the best thing to do in Beijing ?",
              "take a walk in Chaoyang Park and have a cup of Espresso in the evening"),
          Needle.of(
              text,
              "Mr Green is disliked by everyone because he is a mean person and also he can't "
                  + "ride a horse or dive a car.",
              "Why does everyone dislikes Mr Green ?",
              "because he is a mean person and also he can't ride a horse or dive a car."));
    }

    @Override
    double step(float[] weights, int visible, NeedlePrompt prompt, int step) {
      int best = 0;
      for (int i = 1; i < visible; i++) {
        if (weights[i] > weights[best]) {
          best = i;
        }
      }
      boolean inSpan = best >= prompt.span() && best < prompt.span() + prompt.steps();
      boolean copies = inSpan && prompt.ids()[best] == prompt.ids()[prompt.answer() + step];
      return copies ? 1.0 / prompt.steps() : 0;
    }
  },

  /**
   * A head retrieves and reasons: it looks at the right one of two sentences.
   *
   * <p>Paper: Fu et al. 2024 (ICLR 2025), arXiv:2410.19258. Code: FYYFU/HeadKV.
   */
  R2 {
    private static final String MARY =
        "Mary's favorite thing is to take a walk in Chaoyang Park and have a cup of Espresso in "
            + "the evening.";
    private static final String JOHN =
        "John's favorite thing is to play basketball at the local gym and enjoy a smoothie "
            + "afterward.";
    private static final String AGES = "John is 12 years old. Mary is 13 years old.";

    @Override
    List<Needle> needles(CalibrationText text) {
      String question = "What is the favorite thing of the %s one between John and Mary?";
      return List.of(
          Needle.of(text, String.join(" ", MARY, JOHN, AGES), question.formatted("older"), MARY),
          Needle.of(text, String.join(" ", JOHN, MARY, AGES), question.formatted("younger"), JOHN));
    }

    /** Of the n positions that it looks at most, n the answer's length, the mass in the answer. */
    @Override
    double step(float[] weights, int visible, NeedlePrompt prompt, int step) {
      int n = prompt.steps();
      float[] sorted = Arrays.copyOf(weights, visible);
      Arrays.sort(sorted);
      float least = sorted[Math.max(0, visible - n)];
      double mass = 0;
      for (int i = prompt.span(); i < prompt.span() + n; i++) {
        mass += weights[i] >= least ? weights[i] : 0;
      }
      return mass / n;
    }
  };

  abstract List<Needle> needles(CalibrationText text);

  /**
   * What a step of copying adds to the score of a head.
   *
   * @param weights attention of the token that precedes the copied one, over {@code visible} tokens
   * @param step the copied token is the prompt's {@code answer + step}
   */
  abstract double step(float[] weights, int visible, NeedlePrompt prompt, int step);
}
