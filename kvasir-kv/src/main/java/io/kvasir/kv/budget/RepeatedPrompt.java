package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.CalibrationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Tokens drawn by chance, four times over: only who has found them before can tell what comes next.
 * A head induces by the attention it pays to what followed the same token in the runs before.
 *
 * <p>Paper: Tang et al. 2024 (ICLR 2025), RazorAttention, arXiv:2407.15891, with 2,500 tokens.
 *
 * @param ids the whole prompt
 * @param begin where the first run begins
 * @param run tokens of it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record RepeatedPrompt(int[] ids, int begin, int run) implements ProbePrompt {
  private static final int RUNS = 4;
  private static final int LONGEST = 512;
  private static final int SHORTEST = 32;

  /**
   * As many prompts as the reading allows, at least one; each draws anew.
   *
   * @throws IllegalArgumentException the model's context is too short, or it knows no words
   */
  static List<RepeatedPrompt> all(CalibrationText text) {
    int begin = text.begun(new int[0]).length;
    int run = Math.min(LONGEST, (text.reading().length() - begin) / RUNS);
    int[] words = text.words();
    if (run < SHORTEST || words.length == 0) {
      throw new IllegalArgumentException(
          "a prompt may have %d tokens, of %d words; expected at least %d, to repeat some of them"
              .formatted(text.reading().length(), words.length, SHORTEST * RUNS + begin));
    }
    int count = Math.max(1, text.reading().tokens() / (run * RUNS + begin));
    List<RepeatedPrompt> prompts = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      int[] drawn = new Random(p).ints(run, 0, words.length).map(i -> words[i]).toArray();
      int[] ids = new int[run * RUNS];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = drawn[i % run];
      }
      prompts.add(new RepeatedPrompt(text.begun(ids), begin, run));
    }
    return prompts;
  }

  @Override
  public int from() {
    return begin + run;
  }

  @Override
  public int to() {
    return ids.length;
  }

  @Override
  public double worth(float[] weights, int token) {
    double mass = 0;
    for (int before = token - run; before >= begin; before -= run) {
      mass += weights[before + 1];
    }
    return mass / (to() - from());
  }
}
