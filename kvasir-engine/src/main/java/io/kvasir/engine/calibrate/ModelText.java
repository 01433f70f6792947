package io.kvasir.engine.calibrate;

import io.kvasir.engine.Model;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A text in the tokens of a model. */
final class ModelText implements CalibrationText {
  /** With less, nothing that holds of other texts can be learned. */
  private static final int FEWEST_TOKENS = 256;

  private final Tokenizer tokenizer;
  private final Reading reading;
  private final int[] ids;

  /**
   * @throws IllegalArgumentException the text is too short
   */
  ModelText(Model model, String text, Reading reading) {
    this.tokenizer = model.tokenizer();
    this.reading = new Reading(reading.tokens(), Math.min(reading.length(), model.context()));
    this.ids = tokenizer.encode(text, false);
    if (ids.length < FEWEST_TOKENS) {
      throw new IllegalArgumentException(
          "the text has %d tokens; expected at least %d to calibrate on"
              .formatted(ids.length, FEWEST_TOKENS));
    }
  }

  @Override
  public List<int[]> windows() {
    int begin = tokenizer.withBos(new int[0]).length;
    int length = Math.min(reading.length() - begin, ids.length);
    int count = Math.max(1, Math.min(reading.tokens() / (length + begin), ids.length / length));
    List<int[]> windows = new ArrayList<>();
    for (int w = 0; w < count; w++) {
      int start = count == 1 ? 0 : (int) ((long) (ids.length - length) * w / (count - 1));
      windows.add(begun(Arrays.copyOfRange(ids, start, start + length)));
    }
    return windows;
  }

  @Override
  public int[] ids() {
    return ids.clone();
  }

  @Override
  public int[] encode(String text) {
    return tokenizer.encode(text, false);
  }

  @Override
  public int[] words() {
    return tokenizer.words();
  }

  @Override
  public int[] begun(int[] tokens) {
    return tokenizer.withBos(tokens);
  }

  @Override
  public Reading reading() {
    return reading;
  }
}
