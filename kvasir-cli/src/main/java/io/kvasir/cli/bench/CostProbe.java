package io.kvasir.cli.bench;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.fit.ProcessMemory;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.cost.CostOrder;
import io.kvasir.eval.cost.CostSample;
import io.kvasir.kv.KvBytes;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Arrays;
import java.util.List;

/**
 * Measures one plan in a process that does nothing else: a prompt from the first token to the first
 * answer, then decoding, and the memory on the way. The heap is to be touched at start ({@code
 * -XX:+AlwaysPreTouch}), so that what grows lies outside of it.
 */
public final class CostProbe {
  /** Rows of a prompt that pass together; the last ones may be fewer. */
  private static final int TILE = 512;

  private static final int FEW = 16;

  /**
   * After these a prompt is read within 3 % as fast as after five times as many, and plans are
   * compared with f16 in the same state.
   */
  private static final int WARM_UP_SECONDS = 6;

  private final Model model;
  private final CostOrder order;
  private final int[] prompt;
  private long resident;
  private long held;

  private CostProbe(Model model, CostOrder order) {
    this.model = model;
    this.order = order;
    this.prompt = order.prompt().stream().mapToInt(Integer::intValue).toArray();
  }

  /** Warms up, then measures. */
  public static CostSample measure(Model model, CostOrder order) {
    CostProbe probe = new CostProbe(model, order);
    int[] few = Arrays.copyOf(probe.prompt, warmUpTokens(probe.prompt.length));
    WarmUp.run(WARM_UP_SECONDS, () -> probe.once(few, FEW));
    System.gc();
    long before = resident();
    probe.resident = 0;
    probe.held = 0;
    Times times = probe.once(probe.prompt, order.decoded());
    return new CostSample(
        times.kv,
        probe.resident - before,
        probe.held,
        times.firstToken / 1e6,
        times.compression / 1e6,
        probe.prompt.length / (times.firstToken / 1e9),
        order.decoded() / (times.decoding / 1e9));
  }

  /**
   * Tokens that meet every shape of the prompt's products, for which libraries keep memory: a tile,
   * and one as short as the last.
   */
  static int warmUpTokens(int tokens) {
    return Math.min(tokens, TILE + tokens % TILE);
  }

  /** Nanoseconds, and what the cache held in the end. */
  private record Times(long firstToken, long compression, long decoding, KvBytes kv) {}

  private Times once(int[] ids, int decoded) {
    PassListener look = (done, total) -> look();
    long begin = System.nanoTime();
    try (Sequence sequence = model.sequence(KvPlan.parse(order.plan()))) {
      float[] logits = sequence.read(ids, PrefillMode.parse(order.prefill()), look);
      int id = LogProbs.argmax(logits);
      long first = System.nanoTime();
      long compression = sequence.cache().compressNanos();
      look();
      long decoding = System.nanoTime();
      for (int i = 0; i < decoded; i++) {
        id = LogProbs.argmax(model.step(List.of(sequence), new int[] {id})[0]);
      }
      decoding = System.nanoTime() - decoding;
      look();
      return new Times(first - begin, compression, decoding, sequence.cache().bytesByPart());
    }
  }

  private void look() {
    resident = Math.max(resident, resident());
    held = Math.max(held, model.pool().usedBytes());
  }

  private static long resident() {
    return ProcessMemory.now().map(ProcessMemory::anonymous).orElse(0L);
  }
}
