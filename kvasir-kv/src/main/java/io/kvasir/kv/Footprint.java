package io.kvasir.kv;

import io.kvasir.kv.codec.Shortening;
import java.util.List;
import java.util.Optional;

/**
 * Bytes that a cache will hold, computed before anything is allocated from the same page sizes that
 * the cache uses. Exact where heads keep equal numbers of pairs; where a budget moves pairs between
 * heads, right up to the slack of their pages.
 */
public final class Footprint {
  private Footprint() {}

  /** Bytes of one sequence after {@code seen} tokens, cut by the plan where it drops pairs. */
  public static long bytes(KvPlan plan, KvShape shape, int seen) {
    return bytesWith(plan, shape, seen, plan.drops() ? meanPairs(plan, shape, seen) : seen);
  }

  /** Bytes before the plan's first cut: what a prompt read in {@code coded} mode holds at most. */
  public static long uncutBytes(KvPlan plan, KvShape shape, int seen) {
    return bytesWith(plan, shape, seen, seen);
  }

  /** Bytes of the raw layer that an exact prefill holds beside the caches it fills. */
  public static long rawLayerBytes(KvShape shape, int tokens) {
    long largest = 0;
    for (LayerShape layer : shape.layers()) {
      long pages = HeadStore.columnLength(tokens);
      largest =
          Math.max(largest, pages * layer.kvHeads() * 4L * (layer.keyDim() + layer.valueDim()));
    }
    return largest;
  }

  /**
   * Bytes that an exact prefill holds back until the whole prompt has been read, where the plan's
   * budget looks at all layers together, or its scorer has the prompt replayed: the prompt, then
   * with the chunk that is replayed, and a score for each pair.
   */
  public static long heldBackBytes(KvPlan plan, KvShape shape, int tokens) {
    Optional<PromptReplay> replay = plan.signals().replay();
    if (replay.isEmpty()) {
      boolean waits = plan.drops() && plan.budget().global();
      return waits ? uncutBytes(KvPlan.FULL, shape, tokens) : 0;
    }
    long scores = 0;
    for (LayerShape layer : shape.layers()) {
      scores += 4L * layer.kvHeads() * tokens;
    }
    int read = tokens + Math.min(replay.get().chunk(), tokens);
    return uncutBytes(HeldPrompt.form(plan), shape, read) + scores;
  }

  /**
   * How many pairs the plan's {@code keep} means per (layer, KV head) after {@code seen} tokens.
   */
  static int meanPairs(KvPlan plan, KvShape shape, int seen) {
    return switch (plan.keep()) {
      case Keep.Share share -> share.pairs(seen);
      case Keep.Pairs pairs -> pairs.pairs();
      case Keep.Bytes limit -> pairsWithin(plan, shape, seen, limit);
    };
  }

  private static int pairsWithin(KvPlan plan, KvShape shape, int seen, Keep.Bytes limit) {
    long least = bytesWith(plan, shape, seen, 1);
    if (least > limit.bytes()) {
      throw new KvPlanException(
          "keep="
              + limit
              + " is too small: one pair per head already takes "
              + least
              + " bytes of this model's cache");
    }
    int low = 1;
    int high = Math.max(1, seen);
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      if (bytesWith(plan, shape, seen, middle) <= limit.bytes()) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private static long bytesWith(KvPlan plan, KvShape shape, int seen, int pairs) {
    Signals signals = plan.every().isPresent() ? plan.signals() : Signals.of();
    KvModel model = KvModel.of(shape);
    CacheLayers forms = new CacheLayers(plan, model);
    List<CacheLayers.Together> keys = forms.together(PagePool.Content.KEYS);
    List<CacheLayers.Together> values = forms.together(PagePool.Content.VALUES);
    long bytes = 0;
    for (CacheLayers.Together group : keys) {
      bytes += JointSides.bytesFor(group.format(), seen);
    }
    for (CacheLayers.Together group : values) {
      bytes += JointSides.bytesFor(group.format(), seen);
    }
    for (int l = 0; l < shape.layers().size(); l++) {
      LayerShape layer = shape.layer(l);
      KvHead any = new KvHead(model.layer(l), 0);
      boolean cut = layer.compressible() && pairs < seen;
      int stored = layer.compressible() ? Math.min(pairs, seen) : seen - layer.firstStored(seen);
      long head = 0;
      Optional<Shortening> shortening = forms.shortening(l);
      if (shortening.isPresent()) {
        stored = shortening.get().stored(seen);
        head += Shortener.bytesFor(shortening.get(), layer.keyDim(), seen);
      }
      if (!CacheLayers.holds(keys, l)) {
        head += Side.bytesFor(forms.keys(any), stored);
      }
      if (!CacheLayers.holds(values, l)) {
        head += Side.bytesFor(forms.values(any), stored);
      }
      if (cut) {
        head += 4L * HeadStore.columnLength(stored);
      }
      if (layer.compressible()) {
        head += 4L * signals.masses().size() * HeadStore.columnLength(stored);
      }
      bytes += head * layer.kvHeads();
      if (layer.compressible()) {
        bytes += QueryTrace.bytesFor(signals, layer);
      }
    }
    return bytes;
  }
}
