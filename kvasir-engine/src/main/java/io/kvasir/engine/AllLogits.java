package io.kvasir.engine;

import io.kvasir.engine.model.LogitSink;
import java.util.Arrays;
import java.util.List;

/** Keeps the logits after every token of several texts: mind the size. */
final class AllLogits implements LogitSink {
  private final int vocabulary;
  private final float[][][] logits;

  /**
   * @param tokens of each text
   * @param vocabulary V
   */
  AllLogits(List<Integer> tokens, int vocabulary) {
    this.vocabulary = vocabulary;
    this.logits = tokens.stream().map(n -> new float[n][]).toArray(float[][][]::new);
  }

  @Override
  public boolean wants(int input, int row) {
    return true;
  }

  @Override
  public void accept(int input, int row, float[] of, int at) {
    logits[input][row] = Arrays.copyOfRange(of, at, at + vocabulary);
  }

  /** [texts][tokens][V], once the passes are over. */
  float[][][] logits() {
    return logits;
  }
}
