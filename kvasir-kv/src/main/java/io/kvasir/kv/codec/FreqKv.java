package io.kvasir.kv.codec;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Param;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * FreqKV: whenever a head is full, the low frequencies over time of its keys and values take the
 * place of all its rows but the first few. What was shortened is shortened again the next time, so
 * the past fades; the cache never exceeds {@code capacity}, whatever was read.
 *
 * <p>Paper: Kai et al. 2025 (ICLR 2026), arXiv:2505.00570. Code: LUMIA-Group/FreqKV.
 *
 * <p>Rows are f16, with the layout of {@link F16}. Until a head is full for the first time it is a
 * head of {@code f16}, bit for bit. The definition turns keys by their index in the cache each time
 * they are used; since only distances count and indices change only when a head is shortened, they
 * are turned then, and decoding costs what it costs with {@code f16}.
 *
 * <p>In prefill mode {@code chunked} the prompt reads itself as the definition has it: {@code
 * capacity} tokens, then blocks of as many as were freed. An {@code exact} prefill reads the prompt
 * in full and shortens afterwards.
 */
@KvMethod(
    value = "freqkv",
    summary = "when the cache is full, low frequencies over time take the place of its rows",
    about =
        "Along a text, what a channel holds changes slowly: most of it lies in the low frequencies "
            + "of a cosine transform over positions. When a head is full, its rows but the first are "
            + "replaced by fewer that have these frequencies alone, and reading goes on; what is old "
            + "is shortened again and again. So a cache never outgrows its capacity, without a score "
            + "of any token. Its rows stand for many tokens, so plans that drop pairs are refused.",
    source = "Kai et al. 2025 (ICLR 2026), arXiv:2505.00570; LUMIA-Group/FreqKV",
    cost =
        "4 D bytes per stored pair, of which there are capacity at most, and 4 D for each sink; a"
            + " DCT of F = capacity - sinks - recent and one of M rows for each channel, after every"
            + " F - M tokens: of 4096 tokens of SmolLM2 0.05 of their prefill, 0.11 in spans of 1024"
            + " (capacity=1028)",
    formula =
        "y = sqrt(M / F) IDCT_M(X[0 .. M-1]), X = DCT_F(x) over the F rows between sinks and recent,"
            + " M = floor(F retain)",
    differs =
        "keys are turned when the cache is shortened, not at each use, and positions end at the newest"
            + " token instead of beginning at 0: distances are the same; a context longer than the"
            + " model's is refused all the same; the authors tune the model for it")
record FreqKv(
    @Param(value = "50%", min = 0.01, max = 1, doc = "rows that are left of those shortened")
        double retain,
    @Param(value = "4", min = 0, max = 4096, doc = "first pairs, which stay") int sinks,
    @Param(value = "0", min = 0, max = 65_536, doc = "newest pairs, which stay") int recent,
    @Param(value = "4096", min = 16, max = 1_048_576, doc = "pairs that fill a head") int capacity)
    implements OverF16 {

  FreqKv {
    if (left(retain, capacity - sinks - recent) < 1) {
      throw new KvPlanException(
          ("freqkv: capacity=%d, sinks=%d and recent=%d leave a span of %d pairs, and retain=%s no row"
                  + " of it; expected at least one")
              .formatted(capacity, sinks, recent, Math.max(0, capacity - sinks - recent), retain));
    }
  }

  /** As f16 has them, until they are shortened. */
  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public Optional<Shortening> shortening() {
    int span = capacity - sinks - recent;
    int left = left(retain, span);
    return left == span
        ? Optional.empty()
        : Optional.of(new Shortening(capacity, sinks, recent, left, LowPass::shorten));
  }

  /** Exactly {@code floor(span retain)}. */
  private static int left(double retain, int span) {
    return BigDecimal.valueOf(retain).multiply(BigDecimal.valueOf(span)).intValue();
  }
}
