package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import java.util.Arrays;
import java.util.List;

/** How a head shows that it is worth more pairs: what the model reads, and what counts in it. */
enum HeadScores {
  /**
   * A head copies: it looks most at the very token that comes next.
   *
   * <p>Paper: Wu et al. 2024, arXiv:2404.15574. Code: nightdessert/Retrieval_Head.
   */
  RETRIEVAL {
    @Override
    List<NeedlePrompt> prompts(CalibrationText text) {
      return NeedlePrompt.all(text, Needles.copying(text), HeadScores::copies);
    }
  },

  /**
   * A head retrieves and reasons: it looks at the right one of two sentences.
   *
   * <p>Paper: Fu et al. 2024 (ICLR 2025), arXiv:2410.19258. Code: FYYFU/HeadKV.
   */
  R2 {
    @Override
    List<NeedlePrompt> prompts(CalibrationText text) {
      return NeedlePrompt.all(text, Needles.reasoning(text), HeadScores::massInAnswer);
    }
  },

  /**
   * A head induces: it looks at what followed the same token before. See {@link RepeatedPrompt}.
   */
  INDUCTION {
    @Override
    List<RepeatedPrompt> prompts(CalibrationText text) {
      return RepeatedPrompt.all(text);
    }

    @Override
    Reading reading() {
      return new Reading(6147, 2049); // three prompts of four runs of 512
    }
  };

  abstract List<? extends ProbePrompt> prompts(CalibrationText text);

  /** Five lengths, and five depths of three needles or seven of two; see {@link NeedlePrompt}. */
  Reading reading() {
    return new Reading(81_920, 2048);
  }

  private static double copies(float[] weights, int visible, NeedlePrompt prompt, int step) {
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

  /** Of the n positions that it looks at most, n the answer's length, the mass in the answer. */
  private static double massInAnswer(float[] weights, int visible, NeedlePrompt prompt, int step) {
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
}
