package io.kvasir.kv.calibration;

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

  /** {@code ids}, begun as the model begins texts. */
  int[] begun(int[] ids);

  /** Tokens that a prompt may have. */
  int longest();
}
