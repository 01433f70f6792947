package io.kvasir.kv.budget;

import io.kvasir.kernel.Exp;
import io.kvasir.kernel.Floats;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.List;
import java.util.Map;

/** Scores the query heads of a layer by what some tokens of prompts look at. */
final class HeadProbe implements LayerCalibrator {
  static final String SCORES = "scores"; // [H], the mean over prompts

  private final List<? extends ProbePrompt> prompts;
  private final LayerShape shape;
  private final double[] sums; // [H]

  HeadProbe(List<? extends ProbePrompt> prompts, LayerShape shape) {
    this.prompts = prompts;
    this.shape = shape;
    this.sums = new double[shape.queryHeads()];
  }

  /** A sliding window hides what is sought: its heads score nothing. */
  @Override
  public void read(int index, PromptRows rows) {
    if (!shape.compressible()) {
      return;
    }
    ProbePrompt prompt = prompts.get(index);
    float[] weights = new float[rows.tokens()];
    for (int h = 0; h < sums.length; h++) {
      for (int token = prompt.from(); token < prompt.to(); token++) {
        attend(rows, h, token + 1, weights);
        sums[h] += prompt.worth(weights, token);
      }
    }
  }

  /** The attention of token {@code visible - 1} over itself and all before it. */
  private void attend(PromptRows rows, int h, int visible, float[] weights) {
    int dim = shape.keyDim();
    float[] query = new float[dim];
    rows.query(h, visible - 1, query, 0);
    Floats.scale(shape.scale(), query, 0, dim);
    int width = shape.kvHeads() * dim;
    int head = h / shape.groupSize() * dim;
    for (int t = 0; t < visible; t++) {
      weights[t] = Floats.dot(query, 0, rows.keys(), t * width + head, dim);
    }
    float sum = Exp.softmax(weights, 0, visible, Floats.max(weights, 0, visible));
    Floats.scale(1 / sum, weights, 0, visible);
  }

  @Override
  public Map<String, float[]> arrays() {
    float[] means = new float[sums.length];
    for (int h = 0; h < means.length; h++) {
      means[h] = (float) (sums[h] / prompts.size());
    }
    return Map.of(SCORES, means);
  }
}
