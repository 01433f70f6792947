package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Sequence;
import java.util.Arrays;

/**
 * How probable a model finds an answer that it is given, token by token, as decoding would read it.
 *
 * @param meanLnp of its tokens, in nats
 * @param argmax whether each was the most likely one
 * @param codedShare of the sequence before its last token
 */
record Forced(double meanLnp, boolean argmax, double codedShare) {
  /** Tokens whose logits are held at once. */
  private static final int ROWS = 32;

  /**
   * Forces an answer on a fork.
   *
   * @param asked a sequence that has read the question; stays as it is
   * @param logits after its last token, [V]
   * @param answer at least one token
   */
  static Forced of(Sequence asked, float[] logits, int[] answer) {
    double sum = -LogProbs.nll(logits, answer[0]);
    boolean argmax = LogProbs.argmax(logits) == answer[0];
    try (Sequence fork = asked.fork()) {
      for (int at = 0, end; at < answer.length - 1; at = end) {
        end = Math.min(answer.length - 1, at + ROWS);
        float[][] rows = fork.follow(Arrays.copyOfRange(answer, at, end));
        for (int r = 0; r < rows.length; r++) {
          int next = answer[at + r + 1];
          sum -= LogProbs.nll(rows[r], next);
          argmax &= LogProbs.argmax(rows[r]) == next;
        }
      }
      return new Forced(sum / answer.length, argmax, fork.cache().codedShare());
    }
  }
}
