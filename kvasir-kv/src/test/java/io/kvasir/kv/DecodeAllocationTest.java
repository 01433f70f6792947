package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A long cache must not make garbage: what a step allocates does not grow with what it reads. */
@Tag("slow")
class DecodeAllocationTest {
  private static final int TOKENS = 4096;
  private static final int STEPS = 2500;
  private static final int BYTES_PER_STEP = 16_000; // partial results of its pages alone: 40 kB

  @ParameterizedTest
  @ValueSource(strings = {"f16", "q8", "q4", "kivi(bits=2)"})
  void aStepOverALongCacheAllocatesLittle(String plan) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (ToyModel model = new ToyModel(1, 1, ToyModel.layers(1, 9, 3, 64));
        KvCache cache = model.cache(plan)) {
      float[] rows = model.k(0, 0);
      float[] q = model.q(0, 0);
      float[] out = new float[q.length];
      fill(model, cache);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < STEPS && least >= BYTES_PER_STEP; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        List<Attention.Span> span =
            List.of(new Attention.Span(cache, 0, 1, cache.seen(), Arithmetic.EXACT));
        model.attention.pass(0, span, q, rows, rows, out);
        cache.endStep(model.workers);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).isLessThan(BYTES_PER_STEP);
    }
  }

  /** The same row at every position. */
  private static void fill(ToyModel model, KvCache cache) {
    float[] row = model.k(0, 0);
    float[] rows = new float[TOKENS * row.length];
    for (int t = 0; t < TOKENS; t++) {
      System.arraycopy(row, 0, rows, t * row.length, row.length);
    }
    try (Prefill prefill =
        new Prefill(List.of(cache), TOKENS, Arithmetic.EXACT, model.attention, model.workers)) {
      prefill.append(0, TOKENS, rows, rows);
      prefill.endLayer(0);
      prefill.finish();
    }
  }
}
