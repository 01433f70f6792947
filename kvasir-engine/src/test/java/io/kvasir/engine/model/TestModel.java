package io.kvasir.engine.model;

import io.kvasir.engine.Precision;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.kernel.Workers;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PagePool;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A loaded model with everything a pass needs, and passes that return all their logits. */
final class TestModel implements AutoCloseable {
  final ModelConfig config;
  final Weights weights;
  final Workers workers;
  final Transformer transformer;
  final PagePool pool = new PagePool();

  private TestModel(ModelConfig config, Weights weights, Workers workers, Precision precision) {
    this.config = config;
    this.weights = weights;
    this.workers = workers;
    this.transformer = new Transformer(config, weights, workers, precision);
  }

  static TestModel open(Path path, int threads) {
    return open(path, threads, Precision.EXACT);
  }

  static TestModel open(Path path, int threads, Precision precision) {
    try (GgufFile file = GgufFile.open(path)) {
      ModelConfig config = ModelConfig.read(file);
      Workers workers = new Workers(threads);
      return new TestModel(
          config, Weights.load(file, config, workers, LoadListener.NONE), workers, precision);
    }
  }

  KvCache cache(String plan) {
    return KvCache.create(KvPlan.parse(plan), transformer.kvModel(Calibrations.NONE), pool);
  }

  /** Logits after every token of the prompt, [N][V]. */
  float[][] prefill(List<KvCache> targets, int... ids) {
    Collected all = new Collected(List.of(ids));
    transformer.prefill(targets, ids, all, PassListener.NONE);
    return all.logits[0];
  }

  /** Logits after every token, [N][V]. */
  float[][] forward(KvCache cache, int... ids) {
    return forward(List.of(new Input(cache, ids, Role.PROMPT)))[0];
  }

  /** Logits after every token of every input, [input][N][V]. */
  float[][][] forward(List<Input> inputs) {
    Collected all = new Collected(inputs.stream().map(Input::ids).toList());
    transformer.forward(inputs, all);
    return all.logits;
  }

  @Override
  public void close() {
    weights.close();
    workers.close();
    pool.close();
  }

  private final class Collected implements LogitSink {
    final float[][][] logits;

    Collected(List<int[]> ids) {
      logits = ids.stream().map(some -> new float[some.length][]).toArray(float[][][]::new);
    }

    @Override
    public boolean wants(int input, int row) {
      return true;
    }

    @Override
    public void accept(int input, int row, float[] logits, int at) {
      this.logits[input][row] = Arrays.copyOfRange(logits, at, at + config.vocabularySize());
    }
  }
}
