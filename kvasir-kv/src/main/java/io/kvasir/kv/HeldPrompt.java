package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt that is held back in full, f32 for plans that store that and else f16, because the
 * plan's scorer has it replayed before anything is dropped.
 */
public final class HeldPrompt implements AutoCloseable {
  private final KvCache target;
  private final KvCache full;
  private final PromptReplay replay;
  private final List<ReplayScores> scores = new ArrayList<>(); // of each layer

  HeldPrompt(KvCache target, PromptReplay replay, int tokens, PagePool pool) {
    this.target = target;
    this.replay = replay;
    String exact =
        KvPlan.parse("f32").keyCodec(0).equals(target.plan().keyCodec(0)) ? "f32" : "f16";
    this.full = KvCache.create(KvPlan.parse(exact), target.model(), pool);
    for (LayerShape layer : target.shape().layers()) {
      scores.add(new ReplayScores(layer.kvHeads(), tokens, replay.sinks()));
    }
  }

  /** What the scorer wants replayed. */
  public PromptReplay replay() {
    return replay;
  }

  KvCache target() {
    return target;
  }

  KvCache full() {
    return full;
  }

  /**
   * A cache of the whole prompt in which tokens are read that replay its pairs [from, to). It goes
   * with what was read; to be closed before the next one.
   */
  public KvCache reading(int from, int to) {
    KvCache reading = full.fork();
    for (int l = 0; l < scores.size(); l++) {
      if (target.shape().layer(l).compressible()) {
        scores.get(l).begin(from, to);
        reading.layer(l).watch(scores.get(l));
      }
    }
    return reading;
  }

  /** A layer with what its pairs have received so far. */
  LayerView view(int layer) {
    return full.layer(layer).view(full.seen(), scores.get(layer).best());
  }

  /** The compressible layers with the scores that the replay gave. */
  List<Cut.Scored> scored(Cut cut, Workers workers) {
    List<Integer> layers = new ArrayList<>();
    for (int l = 0; l < scores.size(); l++) {
      if (target.shape().layer(l).compressible()) {
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
