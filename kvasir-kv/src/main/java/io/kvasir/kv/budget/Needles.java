package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.CalibrationText;
import java.util.List;

/** The needles that the authors of probes hid, word for word. */
final class Needles {
  private static final String MARY =
      "Mary's favorite thing is to take a walk in Chaoyang Park and have a cup of Espresso in "
          + "the evening.";
  private static final String JOHN =
      "John's favorite thing is to play basketball at the local gym and enjoy a smoothie "
          + "afterward.";
  private static final String AGES = "John is 12 years old. Mary is 13 years old.";

  private Needles() {}

  /**
   * Sentences of which a part is to be copied.
   *
   * <p>Paper: Wu et al. 2024, arXiv:2404.15574. Code: nightdessert/Retrieval_Head.
   */
  static List<Needle> copying(CalibrationText text) {
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

  /**
   * Two sentences of which one is asked for, by a detour.
   *
   * <p>Paper: Fu et al. 2024 (ICLR 2025), arXiv:2410.19258. Code: FYYFU/HeadKV.
   */
  static List<Needle> reasoning(CalibrationText text) {
    String question = "What is the favorite thing of the %s one between John and Mary?";
    return List.of(
        Needle.of(text, String.join(" ", MARY, JOHN, AGES), question.formatted("older"), MARY),
        Needle.of(text, String.join(" ", JOHN, MARY, AGES), question.formatted("younger"), JOHN));
  }
}
