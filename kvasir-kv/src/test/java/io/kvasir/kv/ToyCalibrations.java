package io.kvasir.kv;

import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * What calibrated methods learn of a model whose rows are random numbers: calibrates on the spot,
 * so that a method can be tested without a model.
 */
public final class ToyCalibrations implements Calibrations {
  private final KvModel model;
  private final long seed;
  private final Map<String, Calibration> learned = new ConcurrentHashMap<>();

  public ToyCalibrations(KvModel model, long seed) {
    this.model = model;
    this.seed = seed;
  }

  @Override
  public Calibration find(String name) {
    return learned.computeIfAbsent(name, this::begin);
  }

  private Calibration begin(String name) {
    Calibrator calibrator = Methods.all().calibrated(name).calibrator(new ToyText());
    Map<Integer, Map<String, float[]>> layers = new ConcurrentHashMap<>();
    return (layer, array) ->
        Objects.requireNonNull(
            layers.computeIfAbsent(layer, l -> learn(calibrator, model.layer(l))).get(array),
            array);
  }

  private Map<String, float[]> learn(Calibrator calibrator, KvLayer layer) {
    LayerCalibrator learning = calibrator.layer(layer);
    Random random = new Random(seed + layer.index());
    for (int p = 0; p < calibrator.prompts().size(); p++) {
      learning.read(p, rows(random, layer, calibrator.prompts().get(p).length));
    }
    return learning.arrays();
  }

  /** Normal random rows that lean to one side, so that there is something to learn. */
  static PromptRows rows(Random random, KvLayer layer, int tokens) {
    LayerShape shape = layer.shape();
    return new PromptRows(
        layer,
        tokens,
        gaussian(random, tokens * shape.queryHeads() * shape.keyDim()),
        gaussian(random, tokens * shape.kvHeads() * shape.keyDim()),
        gaussian(random, tokens * shape.kvHeads() * shape.valueDim()));
  }

  private static float[] gaussian(Random random, int count) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) (random.nextGaussian() + (i % 3 == 0 ? 1 : 0));
    }
    return out;
  }

  /** A text of numbered tokens; a word of another text is one token. */
  private static final class ToyText implements CalibrationText {
    @Override
    public List<int[]> windows() {
      return List.of(Arrays.copyOf(ids(), 100), Arrays.copyOfRange(ids(), 100, 150));
    }

    @Override
    public int[] ids() {
      return IntStream.range(0, 4000).toArray();
    }

    @Override
    public int[] encode(String text) {
      return Arrays.stream(text.strip().split("\\s+", -1)).mapToInt(String::hashCode).toArray();
    }

    @Override
    public int[] words() {
      return ids();
    }

    @Override
    public int[] begun(int[] ids) {
      return ids;
    }

    @Override
    public Reading reading() {
      return new Reading(1000, 400);
    }
  }
}
