package io.kvasir.kv.budget;

import io.kvasir.kv.calibration.CalibrationText;
import java.util.Arrays;

/**
 * A sentence to be hidden in a text, and a question whose answer stands in it.
 *
 * @param ids the sentence
 * @param span where in it the answer begins
 * @param answer how many tokens of it are the answer
 * @param question what follows the text, up to where the answer is expected
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Needle(int[] ids, int span, int answer, int[] question) {
  private static final String QUESTION =
      "\nBased on the content of the book, Question: %s\nAnswer:";

  /** The needle in a model's tokens; the answer is where most of its tokens stand in a row. */
  static Needle of(CalibrationText text, String sentence, String question, String answer) {
    int[] ids = text.encode(" " + sentence);
    int[] wanted = Arrays.stream(text.encode(" " + answer)).distinct().toArray();
    int length = Math.min(ids.length, text.encode(" " + answer).length);
    int best = 0;
    for (int at = 0; at + length <= ids.length; at++) {
      if (overlap(ids, at, length, wanted) > overlap(ids, best, length, wanted)) {
        best = at;
      }
    }
    return new Needle(ids, best, length, text.encode(QUESTION.formatted(question)));
  }

  private static long overlap(int[] ids, int at, int length, int[] wanted) {
    return Arrays.stream(wanted)
        .filter(id -> Arrays.stream(ids, at, at + length).anyMatch(other -> other == id))
        .count();
  }

  /** Tokens of a prompt beside the text. */
  int tokens() {
    return ids.length + question.length + answer;
  }
}
