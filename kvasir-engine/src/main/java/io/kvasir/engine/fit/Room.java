package io.kvasir.engine.fit;

import io.kvasir.engine.hub.KnownModel;
import io.kvasir.engine.hub.KnownModels;
import io.kvasir.engine.model.LayerWalk;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Transformer;
import io.kvasir.kv.Footprint;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * The room there is for models and prompts. What cannot succeed is refused here, before it starts:
 * a system that runs out of memory half way ends whole processes.
 *
 * @param memory what may still be taken
 * @param heap the most that Java may put on its heap, in bytes
 */
public record Room(MachineMemory memory, long heap) {
  /** Plans to propose, from the most exact to the smallest. */
  private static final List<String> SMALLER = List.of("q8", "q4", "kivi(bits=2)");

  /** The room there is now. */
  public static Room now() {
    return new Room(MachineMemory.now(), Runtime.getRuntime().maxMemory());
  }

  /**
   * Checks that a model's weights can be loaded.
   *
   * @param name of the model
   * @param weights {@link io.kvasir.engine.model.Weights#bytes}
   * @throws DoesNotFitException they cannot
   */
  public void checkLoad(String name, long weights) {
    if (weights > memory.most()) {
      throw new DoesNotFitException(
          "%s needs %s for its weights, %s; %s"
              .formatted(name, ByteSize.text(weights), there(), smallerModel()));
    }
  }

  /**
   * Checks that a prompt can be read into new sequences of a loaded model.
   *
   * @param plans of the sequences
   * @throws DoesNotFitException it cannot
   */
  public void checkPrompt(ModelConfig config, List<KvPlan> plans, int tokens) {
    long onHeap = Transformer.prefillHeapBytes(config, tokens);
    if (onHeap > heap) {
      throw new DoesNotFitException(
          ("reading %d tokens at once takes %s of Java heap, which may have %s;"
                  + " %d tokens would fit, or give Java more (-Xmx)")
              .formatted(
                  tokens,
                  ByteSize.text(onHeap),
                  ByteSize.text(heap),
                  most(tokens, n -> Transformer.prefillHeapBytes(config, n) <= heap)));
    }
    if (bytes(config, plans, tokens) > memory.most()) {
      throw new DoesNotFitException(sentence(config, plans, tokens));
    }
  }

  /**
   * Checks that prompts can go through the layers together.
   *
   * @throws DoesNotFitException they cannot
   */
  public void checkWalk(ModelConfig config, List<int[]> prompts) {
    long onHeap = LayerWalk.heapBytes(config, prompts);
    if (onHeap > heap) {
      throw new DoesNotFitException(
          ("taking %d tokens through the layers together takes %s of Java heap, which may have %s;"
                  + " take fewer, or give Java more (-Xmx)")
              .formatted(
                  prompts.stream().mapToLong(ids -> ids.length).sum(),
                  ByteSize.text(onHeap),
                  ByteSize.text(heap)));
    }
  }

  /**
   * Checks that a sequence can grow; one that drops pairs always may, since it can stop growing.
   *
   * @param tokens that are to be read after those it has
   * @throws DoesNotFitException it cannot
   */
  public void checkGrowth(KvCache cache, int tokens) {
    if (cache.plan().drops()) {
      return;
    }
    int length = cache.seen() + tokens;
    long grown = Footprint.bytes(cache.plan(), cache.shape(), length) - cache.bytes();
    if (grown > memory.most()) {
      throw new DoesNotFitException(
          "the cache of a sequence that grows from %d to %d tokens takes %s more with plan %s, %s"
              .formatted(cache.seen(), length, ByteSize.text(grown), cache.plan(), there()));
    }
  }

  /**
   * The longest prompt that fits beside weights that are not loaded yet, without swapping; 0 when
   * not one token does.
   */
  public int largestPrompt(ModelConfig config, long weights, KvPlan plan) {
    List<KvPlan> plans = List.of(plan);
    return most(config.contextLength(), n -> weights + bytes(config, plans, n) <= memory.bytes());
  }

  private static long bytes(ModelConfig config, List<KvPlan> plans, int tokens) {
    long bytes = Fit.reading(config, plans, tokens);
    for (KvPlan plan : plans) {
      bytes += Footprint.bytes(plan, config.kvShape(), tokens);
    }
    return bytes;
  }

  private String sentence(ModelConfig config, List<KvPlan> plans, int tokens) {
    long reading = Fit.reading(config, plans, tokens);
    long needed = bytes(config, plans, tokens);
    List<String> ways = new ArrayList<>();
    int most = most(tokens, n -> bytes(config, plans, n) <= memory.most());
    if (most > 0) {
      ways.add(most + " tokens would fit");
    }
    smallerPlan(config, plans.size(), tokens)
        .ifPresent(plan -> ways.add("all of them with plan " + plan));
    return "a prompt of %d tokens needs %s with plan %s (cache %s, reading it %s), %s; %s"
        .formatted(
            tokens,
            ByteSize.text(needed),
            plans.stream().map(KvPlan::toString).collect(Collectors.joining(" and ")),
            ByteSize.text(needed - reading),
            ByteSize.text(reading),
            there(),
            ways.isEmpty() ? "take a smaller model" : String.join(", or ", ways));
  }

  private String there() {
    return ByteSize.text(memory.most()) + " are " + memory.source();
  }

  private Optional<String> smallerPlan(ModelConfig config, int sequences, int tokens) {
    for (String text : SMALLER) {
      KvPlan plan = KvPlan.parse(text);
      try {
        plan.check(KvModel.of(config.kvShape()));
      } catch (KvPlanException e) {
        continue; // no plan for rows of this width
      }
      if (bytes(config, Collections.nCopies(sequences, plan), tokens) <= memory.most()) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  /** Packed, a model takes up to a third more than its file. */
  private String smallerModel() {
    return KnownModels.ALL.stream()
        .filter(model -> model.bytes() / 3 * 4 <= memory.most())
        .max(Comparator.comparingLong(KnownModel::bytes))
        .map(model -> model.name() + " would fit")
        .orElse("no model that Kvasir knows would fit");
  }

  /** The most tokens up to {@code limit} for which something holds that holds for fewer too. */
  private static int most(int limit, IntPredicate holds) {
    int low = 0;
    int high = limit;
    while (low < high) {
      int middle = low + (high - low + 1) / 2;
      if (holds.test(middle)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
