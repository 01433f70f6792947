package io.kvasir.kv.calibration;

import io.kvasir.kv.KvLayer;
import java.util.List;
import java.util.function.Function;

/** One calibration: what the model is to read, and who looks on in each layer. */
public interface Calibrator {
  /** The prompts, each a text of its own; none longer than {@link CalibrationText#reading} says. */
  List<int[]> prompts();

  /** Begins a layer. Layers come in order, but a resumed calibration begins with a later one. */
  LayerCalibrator layer(KvLayer layer);

  /** Prompts that are known, and somebody new for each layer. */
  static Calibrator of(List<int[]> prompts, Function<KvLayer, LayerCalibrator> layers) {
    return new Calibrator() {
      @Override
      public List<int[]> prompts() {
        return prompts;
      }

      @Override
      public LayerCalibrator layer(KvLayer layer) {
        return layers.apply(layer);
      }
    };
  }
}
