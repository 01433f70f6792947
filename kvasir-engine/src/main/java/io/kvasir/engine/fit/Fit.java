package io.kvasir.engine.fit;

import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Transformer;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvShape;
import java.util.List;

/**
 * What a model takes to read a prompt exactly and keep it by a plan, in bytes, beside what the
 * process holds without a model. Computed from the sizes the engine allocates by; nothing is loaded
 * for it.
 *
 * @param plan how the prompt is kept
 * @param tokens of the prompt
 * @param weights of the model, as they are packed
 * @param cache of the prompt once it is read, page slack and raw windows included
 * @param reading what is held only while the prompt is read: one raw layer, what is held back for a
 *     budget over the whole sequence or for a replay, hidden states, buffers
 */
public record Fit(KvPlan plan, int tokens, long weights, long cache, long reading) {
  /**
   * @param weights {@link io.kvasir.engine.model.Weights#bytes()}
   * @throws io.kvasir.kv.KvPlanException the plan cannot serve this model
   */
  public static Fit of(ModelConfig config, long weights, KvPlan plan, int tokens) {
    KvShape shape = config.kvShape();
    plan.check(KvModel.of(shape));
    return new Fit(
        plan,
        tokens,
        weights,
        Footprint.bytes(plan, shape, tokens),
        reading(config, List.of(plan), tokens));
  }

  /** The most that is held at once: when the last layer has been read. */
  public long total() {
    return weights + cache + reading;
  }

  /** Bytes of the cache per token of the prompt. */
  public double bytesPerToken() {
    return (double) cache / tokens;
  }

  /** Bytes held while a prompt is read into caches of several plans, the caches not counted. */
  static long reading(ModelConfig config, List<KvPlan> plans, int tokens) {
    KvShape shape = config.kvShape();
    long bytes =
        Footprint.rawLayerBytes(shape, tokens) + Transformer.prefillHeapBytes(config, tokens);
    for (KvPlan plan : plans) {
      bytes += Footprint.heldBackBytes(plan, shape, tokens);
    }
    return bytes;
  }
}
