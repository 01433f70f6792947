package io.kvasir.kv.calibration;

import io.kvasir.kv.calibration.Calibrated.Reading;
import java.util.List;

/** The user's text, and the tokenizer of the model that is calibrated. */
public interface CalibrationText {
  /**
   * Windows of equal length, evenly spread over the text, each begun as the model begins texts. At
   * least one.
   */
  List<int[]> windows();

  /** The whole text, without a token that the model begins texts with. */
  int[] ids();

  /** The tokens of another text, likewise. */
  int[] encode(String text);

  /** Tokens that stand for text and nothing else: none steers the model or is part of a letter. */
  int[] words();

  /** {@code ids}, begun as the model begins texts. */
  int[] begun(int[] ids);

  /** How much is to be read; a prompt is no longer than the model's context. */
  Reading reading();
}
