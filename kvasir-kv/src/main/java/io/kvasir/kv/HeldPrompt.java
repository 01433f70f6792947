package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.Codec;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt that is held back in full because scorers have it replayed before anything is dropped:
 * for all caches of a prefill whose plans want the same replay.
 */
public final class HeldPrompt implements AutoCloseable {
  private final List<KvCache> targets = new ArrayList<>();
  private final KvCache full;
  private final PromptReplay replay;
  private final List<ReplayScores> scores = new ArrayList<>(); // of each layer
  private int replayed; // tokens of the prompt

  HeldPrompt(PromptReplay replay, KvPlan form, KvModel model, int tokens, PagePool pool) {
    this.replay = replay;
    this.full = KvCache.create(form, model, pool);
    for (LayerShape layer : model.shape().layers()) {
      scores.add(new ReplayScores(layer.kvHeads(), tokens, replay.sinks()));
    }
  }

  /** How a prompt is held for a plan: f32 where that is what the plan stores, else f16. */
  static KvPlan form(KvPlan plan) {
    Codec f32 = KvPlan.F32.keyCodec(0);
    return plan.keyCodec(0).equals(f32) ? KvPlan.F32 : KvPlan.FULL;
  }

  /** Whether a plan would be served by this prompt and its replay. */
  boolean serves(KvPlan plan, PromptReplay wanted) {
    return wanted.equals(replay) && form(plan).equals(full.plan());
  }

  /** One more cache that takes over what its plan keeps of the prompt. */
  void add(KvCache target) {
    targets.add(target);
  }

  /** What the scorers want replayed. */
  public PromptReplay replay() {
    return replay;
  }

  List<KvCache> targets() {
    return targets;
  }

  KvCache full() {
    return full;
  }

  /**
   * A cache of the whole prompt in which tokens are read that replay its pairs [from, to). It goes
   * with what was read; to be closed before the next one.
   *
   * @throws IllegalStateException the prompt has not passed all layers yet
   */
  public KvCache reading(int from, int to) {
    if (full.seen() == 0) {
      throw new IllegalStateException("a prompt is replayed once it has passed all layers");
    }
    replayed = to;
    KvCache reading = full.fork();
    for (int l = 0; l < scores.size(); l++) {
      if (full.shape().layer(l).compressible()) {
        scores.get(l).begin(from, to);
        reading.layer(l).watch(scores.get(l));
      }
    }
    return reading;
  }

  /** A layer with what its pairs have received so far. */
  LayerView view(int layer) {
    return full.layer(layer).view(full.seen(), scores.get(layer).weights());
  }

  /** The compressible layers with the scores that the replay gave. */
  List<Cut.Scored> scored(Cut cut, Workers workers) {
    if (replayed < full.seen()) {
      throw new IllegalStateException(
          "a prompt of %d tokens is cut when it has been replayed; %d were"
              .formatted(full.seen(), replayed));
    }
    List<Integer> layers = new ArrayList<>();
    for (int l = 0; l < scores.size(); l++) {
      if (full.shape().layer(l).compressible()) {
        layers.add(l);
      }
    }
    Cut.Scored[] scored = new Cut.Scored[layers.size()];
    workers.run(
        scored.length,
        (task, thread) -> {
          int l = layers.get(task);
          scored[task] = cut.score(l, view(l), full.layer(l).heads());
        });
    return List.of(scored);
  }

  @Override
  public void close() {
    full.close();
  }
}
