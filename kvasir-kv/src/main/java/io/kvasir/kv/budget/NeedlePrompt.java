package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.CalibrationText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A text with a needle in it, a question, and the answer, word for word: the model is shown how it
 * would have copied the answer, so one pass tells what it looks at in every step, and no sample is
 * lost to an answer of its own.
 *
 * @param ids the whole prompt
 * @param span position of the answer in the needle
 * @param answer position of the answer at the end
 * @param copying what counts
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record NeedlePrompt(int[] ids, int span, int answer, Copying copying) implements ProbePrompt {
  /** Lengths of prompts, in eighths of the longest. */
  private static final int[] LENGTHS = {1, 2, 4, 6, 8};

  private static final int LEAST_TEXT = 32; // tokens around the needle

  /** What counts while the answer is copied. */
  @FunctionalInterface
  interface Copying {
    /**
     * What a step adds to the score of a head.
     *
     * @param weights attention of the token that precedes the copied one, over {@code visible}
     *     tokens
     * @param step the copied token is the prompt's {@code answer + step}
     */
    double worth(float[] weights, int visible, NeedlePrompt prompt, int step);
  }

  /** The copied token itself is not seen yet when it is foretold. */
  @Override
  public int from() {
    return answer - 1;
  }

  @Override
  public int to() {
    return ids.length - 1;
  }

  @Override
  public double worth(float[] weights, int token) {
    return copying.worth(weights, token + 1, this, token - from());
  }

  /** Steps of copying: the token at {@code answer + step} follows from the one before it. */
  int steps() {
    return ids.length - answer;
  }

  /**
   * Every needle at all lengths and as many depths as the reading allows, at least one.
   *
   * @throws IllegalArgumentException the model's context or the text is too short
   */
  static List<NeedlePrompt> all(CalibrationText text, List<Needle> needles, Copying copying) {
    int least = needles.stream().mapToInt(Needle::tokens).max().orElseThrow() + LEAST_TEXT;
    int eighths = IntStream.of(LENGTHS).sum() * needles.size();
    int longest = Math.min(text.reading().length(), 8 * (text.reading().tokens() / eighths));
    longest = Math.min(Math.max(longest, least), text.ids().length);
    if (longest < least || text.reading().length() < least) {
      throw new IllegalArgumentException(
          "the text has %d tokens and a prompt may have %d; expected at least %d to ask for %d needles"
              .formatted(text.ids().length, text.reading().length(), least, needles.size()));
    }
    int depths = Math.max(1, text.reading().tokens() / (eighths * longest / 8));
    List<NeedlePrompt> prompts = new ArrayList<>();
    for (int n = 0; n < needles.size(); n++) {
      for (int eighth : LENGTHS) {
        int length = Math.max(least, longest * eighth / 8);
        int[] around = around(text, n, needles.size(), length - needles.get(n).tokens());
        for (int d = 0; d < depths; d++) {
          double depth = depths == 1 ? 0.5 : d / (depths - 1.0);
          prompts.add(hide(text, needles.get(n), around, depth, copying));
        }
      }
    }
    return prompts;
  }

  /** Another part of the text for every needle. */
  private static int[] around(CalibrationText text, int needle, int needles, int length) {
    int start = (int) ((long) (text.ids().length - length) * needle / needles);
    return Arrays.copyOfRange(text.ids(), start, start + length);
  }

  /** Puts the needle behind a sentence, the last one that ends before {@code depth}. */
  private static NeedlePrompt hide(
      CalibrationText text, Needle needle, int[] around, double depth, Copying copying) {
    int begin = text.begun(new int[0]).length;
    int at = sentenceEnd(text, around, (int) (around.length * depth));
    int[] answer = Arrays.copyOfRange(needle.ids(), needle.span(), needle.span() + needle.answer());
    int[] ids =
        Stream.of(
                Arrays.copyOf(around, at),
                needle.ids(),
                Arrays.copyOfRange(around, at, around.length - begin),
                needle.question(),
                answer)
            .flatMapToInt(Arrays::stream)
            .toArray();
    int[] begun = text.begun(ids);
    return new NeedlePrompt(
        begun, begin + at + needle.span(), begun.length - answer.length, copying);
  }

  private static int sentenceEnd(CalibrationText text, int[] ids, int most) {
    int stop = last(text.encode("."));
    int spacedStop = last(text.encode(" ."));
    int at = Math.min(most, ids.length - 1);
    while (at > 0 && ids[at - 1] != stop && ids[at - 1] != spacedStop) {
      at--;
    }
    return at;
  }

  private static int last(int[] ids) {
    return ids[ids.length - 1];
  }
}
