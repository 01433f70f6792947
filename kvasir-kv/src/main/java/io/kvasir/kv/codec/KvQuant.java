package io.kvasir.kv.codec;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Param;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * KVQuant: keys are coded per channel before their rotation, values per token, in the levels of a
 * codebook that was learned of the model; the few numbers beyond their range stand beside the codes
 * as they were, and the first tokens stay as they are.
 *
 * <p>Paper: Hooper et al. 2024 (NeurIPS), arXiv:2401.18079. Code: SqueezeAILab/KVQuant.
 *
 * <p>A number is {@code x = mid + half level[code]}. Of a key's channel mid and half are the middle
 * and half the width of the range that all but {@code outliers} of the channel's numbers keep to,
 * by {@code kvasir calibrate}; of a value's token they are those of the token's own numbers but for
 * the n smallest and the n largest, n = floor(outliers / 2 x G D) + 1. Codebooks are k-means of the
 * numbers so scaled, one a layer for keys and one for values. Of a key the n smallest and n largest
 * are stored where they leave the range, of a value always: as what their code leaves of them. At 2
 * bits levels are the codebook stretched to the mean and deviation of what was learned from
 * (Q-Norm). Where the plan drops pairs, a token is a head's D numbers. Layout: {@link NuqPages}.
 *
 * <p>Cost: bits + 64 n / (G D) bits an element, 32 / (G D) more for values; 2 G D bytes a side for
 * each of the first tokens and layer. A page is decoded for each head, a permutation and a shift a
 * number, and keys are turned to their positions. Error, but for the numbers beside the codes: half
 * the distance of two levels; a key beyond its range that is not among the n comes back as its end.
 */
@KvMethod(
    value = "kvquant",
    summary = "keys per channel before rotation, values per token, learned levels, outliers apart",
    about =
        "Before rotation a channel of keys keeps its range along a text, afterwards pairs of "
            + "channels are mixed. So keys are coded before it, each channel in a range that was "
            + "learned once for the model, and rotated when read; values in the range of their "
            + "token. Levels are learned too, one number in a hundred stands beside the codes, and "
            + "the first token stays as it is. Goes with every scorer and budget.",
    source = "Hooper et al. 2024 (NeurIPS), arXiv:2401.18079; SqueezeAILab/KVQuant",
    cost =
        "D bits / 4 + 16 n / G bytes per pair, n = floor(G D outliers / 2) + 1, and 4 / G for values'"
            + " ranges; calibrated",
    formula =
        "x = mid + half level[code] + outlier; keys: mid, half of a channel, learned; values: of a"
            + " token without its n smallest and n largest",
    differs =
        "k-means with weights of 1 (paper: squared gradients; the authors' code takes both) on 2^16"
            + " bins, from quantiles; a text's first token is left out of it whatever sinks"
            + " is; outliers are a u16 and an f16; where the plan drops pairs, a head's numbers are a"
            + " token")
record KvQuant(
    @Param(
            value = "3",
            oneOf = {2, 3, 4},
            doc = "bits per code")
        int bits,
    @Param(value = "1%", min = 0, max = 0.2, doc = "share of numbers beyond the range")
        double outliers,
    @Param(
            value = "1",
            min = 0,
            max = 64,
            doc = "first tokens that stay as they are (authors: up to 5)")
        int sinks,
    @Param(value = "nuq", doc = "learned levels, or evenly spaced ones") Levels levels)
    implements OverF16, Calibrated {
  private static final String MID = "mid";
  private static final String HALF = "half";
  private static final String KEYS = "keys";
  private static final String VALUES = "values";
  private static final String VALUES_ALONE = "values alone"; // of heads by themselves

  /** What codes stand for. */
  enum Levels {
    NUQ,
    UNIFORM
  }

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> heads) {
    KvLayer layer = heads.getFirst().layer();
    if (!layer.shape().compressible()) {
      return Optional.empty(); // bounded by its window, and stored as f16
    }
    Calibration learned = layer.model().calibrations().find(calibration());
    int dim = layer.shape().keyDim();
    int from = heads.getFirst().index() * dim;
    int to = from + heads.size() * dim;
    return Optional.of(
        new NuqPages(
            this,
            true,
            heads.size(),
            dim,
            () ->
                new NuqPages.Learned(
                    Arrays.copyOfRange(learned.array(layer.index(), MID), from, to),
                    Arrays.copyOfRange(learned.array(layer.index(), HALF), from, to),
                    codebook(learned, layer, KEYS))));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    KvLayer layer = heads.getFirst().layer();
    if (!layer.shape().compressible()) {
      return Optional.empty();
    }
    Calibration learned = layer.model().calibrations().find(calibration());
    String name = heads.size() < layer.shape().kvHeads() ? VALUES_ALONE : VALUES;
    return Optional.of(
        new NuqPages(
            this,
            false,
            heads.size(),
            layer.shape().valueDim(),
            () ->
                new NuqPages.Learned(new float[0], new float[0], codebook(learned, layer, name))));
  }

  private Codebook codebook(Calibration learned, KvLayer layer, String name) {
    return levels == Levels.UNIFORM
        ? Codebook.uniform(1 << bits)
        : Codebook.of(learned.array(layer.index(), name));
  }

  /** Numbers at either end of {@code width} that may stand beside their codes. */
  int atEitherEnd(int width) {
    return outliers == 0 ? 0 : (int) (outliers / 2 * width) + 1;
  }

  @Override
  public String calibration() {
    return "kvquant(bits=%d,outliers=%s)".formatted(bits, Percent.of(outliers));
  }

  @Override
  public Reading reading() {
    return new Reading(16 * 2048, 2048);
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    int tokens = text.windows().stream().mapToInt(ids -> ids.length).sum();
    return Calibrator.of(text.windows(), layer -> new Learning(layer.shape(), tokens));
  }

  /** A range that all but {@link #outliers} of some numbers keep to. */
  record Range(float mid, float half) {
    /**
     * By percentiles, between neighbours in proportion.
     *
     * @param sorted ascending
     */
    static Range of(float[] sorted, double outliers) {
      float low = percentile(sorted, outliers / 2);
      float high = percentile(sorted, 1 - outliers / 2);
      return new Range((low + high) / 2, Math.max((high - low) / 2, Float.MIN_NORMAL));
    }

    private static float percentile(float[] sorted, double share) {
      double at = share * (sorted.length - 1);
      int below = (int) at;
      int above = Math.min(below + 1, sorted.length - 1);
      return (float) (sorted[below] + (at - below) * (sorted[above] - sorted[below]));
    }

    float scaled(float x) {
      return (x - mid) / half;
    }
  }

  /** Keeps a layer's keys until their ranges are known; values are scaled as they come. */
  private final class Learning implements LayerCalibrator {
    private final LayerShape shape;
    private final float[][] keys; // [G*D][tokens]
    private final boolean[] first; // whether the token begins a text
    private final CodebookLearning values = new CodebookLearning();
    private final CodebookLearning valuesAlone = new CodebookLearning();
    private int seen;

    Learning(LayerShape shape, int tokens) {
      this.shape = shape;
      this.keys = new float[shape.kvHeads() * shape.keyDim()][tokens];
      this.first = new boolean[tokens];
    }

    @Override
    public void read(int prompt, PromptRows rows) {
      float[] key = new float[shape.keyDim()];
      float[] value = new float[shape.kvHeads() * shape.valueDim()];
      for (int t = 0; t < rows.tokens(); t++, seen++) {
        first[seen] = t == 0;
        for (int g = 0; g < shape.kvHeads(); g++) {
          rows.unrotatedKey(g, t, key, 0);
          for (int d = 0; d < key.length; d++) {
            keys[g * key.length + d][seen] = key[d];
          }
          rows.value(g, t, value, g * shape.valueDim());
        }
        if (t > 0) {
          add(value, 0, value.length, values);
          for (int at = 0; at < value.length; at += shape.valueDim()) {
            add(value, at, shape.valueDim(), valuesAlone);
          }
        }
      }
    }

    private void add(float[] row, int at, int n, CodebookLearning learning) {
      float[] sorted = Arrays.copyOfRange(row, at, at + n);
      Arrays.sort(sorted);
      Range range = Range.of(sorted, outliers);
      for (float x : sorted) {
        learning.add(range.scaled(x));
      }
    }

    @Override
    public Map<String, float[]> arrays() {
      float[] mid = new float[keys.length];
      float[] half = new float[keys.length];
      CodebookLearning ofKeys = new CodebookLearning();
      for (int i = 0; i < keys.length; i++) {
        float[] sorted = keys[i].clone();
        Arrays.sort(sorted);
        Range range = Range.of(sorted, outliers);
        mid[i] = range.mid();
        half[i] = range.half();
        for (int t = 0; t < seen; t++) {
          if (!first[t]) {
            ofKeys.add(range.scaled(keys[i][t]));
          }
        }
      }
      Map<String, float[]> arrays = new HashMap<>();
      arrays.put(MID, mid);
      arrays.put(HALF, half);
      arrays.put(KEYS, learn(ofKeys));
      arrays.put(VALUES, learn(values));
      arrays.put(VALUES_ALONE, learn(valuesAlone));
      return arrays;
    }

    private float[] learn(CodebookLearning learning) {
      return learning.learn(1 << bits, bits == 2).both();
    }
  }
}
