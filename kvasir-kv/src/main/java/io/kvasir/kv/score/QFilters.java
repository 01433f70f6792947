package io.kvasir.kv.score;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.LayerView;
import io.kvasir.kv.Signals;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.EvenSample;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.List;
import java.util.Map;

/**
 * Q-Filters: the queries of a head share one dominant direction, so the part of a key along it says
 * what attention the key will receive on average.
 *
 * <p>Paper: Godey et al. 2025, arXiv:2503.02812. Code: NathanGodey/qfilters.
 */
@KvMethod(
    value = "qfilters",
    summary = "keys that lie along their head's main direction of queries stay",
    about =
        "Queries of a head lie mostly to one side along one direction, and keys that lie "
            + "along it are attended to. The direction is learned once for a model; from then on "
            + "the key alone tells its weight, so nothing is asked of the prompt's queries and cuts "
            + "while decoding are cheap. Goes with every budget but prefixkv, and with codecs that "
            + "let single pairs go.",
    source = "Godey et al. 2025, arXiv:2503.02812; kvpress QFilterPress",
    cost = "0 bytes per pair, 4 G D bytes per layer once; one dot product per key; calibrated",
    formula =
        "score[j] = k_j . u, u the group mean of the first right singular vectors of the rotated "
            + "queries of a text, each on the side where most queries lie",
    differs =
        "a sample's rows are spaced evenly, not drawn; the authors' cache protects the newest 64 "
            + "pairs, their filters and kvpress none: protect(recent=64) does")
record QFilters() implements Scorer, Calibrated {
  private static final String FILTERS = "filters"; // [G][D]
  private static final int SAMPLED = 3000; // rows, the same ones for all heads of a layer

  @Override
  public Signals needs() {
    return Signals.of(Signals.Kind.ROPED_KEYS);
  }

  @Override
  public void score(LayerView layer, float[][] scores) {
    Calibration learned = layer.model().calibrations().find(calibration());
    float[] filters = learned.array(layer.layer(), FILTERS);
    layer.heads(
        g -> {
          layer.keys(g).dots(filters, g * layer.shape().keyDim(), scores[g]);
        });
  }

  @Override
  public String calibration() {
    return "qfilters";
  }

  /** The authors read 20 sequences of this length. */
  @Override
  public Reading reading() {
    return new Reading(20 * 2048, 2048);
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    List<int[]> prompts = text.windows();
    long rows = prompts.stream().mapToLong(ids -> ids.length).sum();
    return Calibrator.of(prompts, layer -> new Sampled(layer, new EvenSample(rows, SAMPLED)));
  }

  /** Sampled queries of a layer. */
  private static final class Sampled implements LayerCalibrator {
    private final LayerShape shape;
    private final EvenSample sample;
    private final float[][] queries; // [H][sampled * D]
    private long seen;
    private int taken;

    Sampled(KvLayer layer, EvenSample sample) {
      this.shape = layer.shape();
      this.sample = sample;
      this.queries = new float[shape.queryHeads()][sample.size() * shape.keyDim()];
    }

    @Override
    public void read(int prompt, PromptRows rows) {
      for (int t = 0; t < rows.tokens(); t++) {
        if (sample.takes(seen++)) {
          for (int h = 0; h < queries.length; h++) {
            rows.query(h, t, queries[h], taken * shape.keyDim());
          }
          taken++;
        }
      }
    }

    @Override
    public Map<String, float[]> arrays() {
      int dim = shape.keyDim();
      float[] filters = new float[shape.kvHeads() * dim];
      for (int h = 0; h < queries.length; h++) {
        double[] direction = MainDirection.of(queries[h], dim);
        for (int d = 0; d < dim; d++) {
          filters[h / shape.groupSize() * dim + d] += (float) (direction[d] / shape.groupSize());
        }
      }
      return Map.of(FILTERS, filters);
    }
  }
}
