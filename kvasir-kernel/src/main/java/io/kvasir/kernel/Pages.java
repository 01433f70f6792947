package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Attention on the pages of a cache that lie as a {@link PageLayout} says: its code decides which
 * loops run. Codes that share scales along the lanes are {@link PageGroups}' matter.
 *
 * <p>A page is read as it is, its codes widened in registers, once for four queries; results of a
 * query do not depend on the others and equal those of {@link PagesRef} bit for bit. Pages are
 * native memory, and stay open meanwhile.
 */
public final class Pages {
  private Pages() {}

  /**
   * {@code out[i][r] = q_i . k_r}. Each is one sequence of fma, whatever the other arguments: per
   * block, from 0, {@code a += q[d] * (code[r][d] - zero[r])}, d ascending; then, blocks ascending,
   * {@code out += scale[r] * a}. So the scale leaves the inner loop; the zero point stays, where it
   * is an integer subtraction shared by four queries.
   *
   * @param layout keys
   * @param q [count][D]
   * @param rows slots to score, 1 to 64; what {@code out} holds for later slots is of no use
   * @param out [count][64]
   */
  public static void scores(
      PageLayout layout, float[] q, int count, MemorySegment page, int rows, float[] out) {
    long at = Native.address(page, 0, layout.bytes());
    switch (layout.code()) {
      case F32 -> PageF32.scores(layout, q, count, at, rows, out);
      case F16 -> PageF16.scores(layout, q, count, at, rows, out);
      case I8 -> PageI8.scores(layout, q, count, at, rows, out);
      case U4 -> PageU4.scores(layout, q, count, at, rows, out);
    }
  }

  /**
   * {@code acc[i][d] += sum_r w[i][r] * v[r][d]}: from {@code acc}, by fma, r ascending. Scale and
   * offset are applied to the code, in registers, once for four queries: folded into the weights
   * they would take a multiply for each query, row and block, and side sums.
   *
   * @param layout values
   * @param w [count][64]
   * @param rows slots to add, 1 to 64
   * @param acc [count][dim]
   */
  public static void accumulate(
      PageLayout layout, float[] w, int count, MemorySegment page, int rows, float[] acc) {
    long at = Native.address(page, 0, layout.bytes());
    switch (layout.code()) {
      case F32 -> PageF32.accumulate(layout, w, count, at, rows, acc);
      case F16 -> PageF16.accumulate(layout, w, count, at, rows, acc);
      case I8 -> PageI8.accumulate(layout, w, count, at, rows, acc);
      case U4 -> PageU4.accumulate(layout, w, count, at, rows, acc);
    }
  }
}
