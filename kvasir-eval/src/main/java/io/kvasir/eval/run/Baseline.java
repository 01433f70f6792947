package io.kvasir.eval.run;

import io.kvasir.engine.Model;
import io.kvasir.engine.Prediction;
import io.kvasir.engine.Sequence;
import java.util.Arrays;
import java.util.Optional;

/**
 * A text along which plans are led, and what f16 makes of it: its final hidden states, {@code 4 x
 * d_model} bytes a token where logits would take {@code 4 x vocabulary}. The output head makes the
 * same logits of them again.
 *
 * @param text [N]
 * @param first what f16 expects before the first token, where that is scored or compared
 * @param states after all tokens but the last, [N - 1][hidden]
 * @param near nats of each token without the far context, [N]; empty where nobody asks
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Baseline(int[] text, Optional<Prediction> first, float[][] states, double[] near) {
  /**
   * Leads f16.
   *
   * @param f16 has read what the text follows; reads all tokens but the last
   */
  static Baseline of(Sequence f16, int[] text, Optional<Prediction> first, double[] near) {
    float[][] states =
        text.length < 2 ? new float[0][] : f16.states(Arrays.copyOf(text, text.length - 1));
    return new Baseline(text, first, states, near);
  }

  /** What f16 expects after tokens {@code from .. to}. */
  Prediction[] after(Model model, int from, int to) {
    float[][] logits = model.logits(Arrays.copyOfRange(states, from, to));
    Prediction[] predictions = new Prediction[logits.length];
    model.parallel(logits.length, row -> predictions[row] = Prediction.of(logits[row]).asBase());
    return predictions;
  }

  /** Of all rows of logits, [rows][V]. */
  static Prediction[] predictions(Model model, float[][] logits) {
    Prediction[] predictions = new Prediction[logits.length];
    model.parallel(logits.length, row -> predictions[row] = Prediction.of(logits[row]));
    return predictions;
  }
}
