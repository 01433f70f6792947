package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A packed form of {@link Gemm#WIDTH} rows, a panel, and the two ways to compute with it. Bits of a
 * sum depend neither on the layout nor on which of the two is used.
 */
sealed interface Layout permits Coded, Wide {
  /** Columns can be expanded from any multiple of this: a block of every type ends there. */
  int GRAIN = 64;

  /** Floats at the start of scratch memory that a layout uses for itself. */
  int OWN = 18 * Lanes.N;

  static Layout of(TensorType type) {
    return switch (type) {
      case F32, F16, BF16 -> new Wide(type);
      default -> new Coded(Coding.of(type));
    };
  }

  /** Bytes of one panel of rows with {@code cols} elements. */
  long panelBytes(int cols);

  /**
   * Packs rows {@code first} to {@code first + rows - 1} of {@code source} into the panel; lanes
   * beyond are left as they are.
   *
   * @return the first row with a scale that is not finite, or -1
   */
  int pack(MemorySegment source, int first, int rows, int cols, MemorySegment panel);

  /**
   * One token: {@code y[yAt + j] = sum over c of w[j][c] * x[xAt + c]} for the {@link Gemm#WIDTH}
   * rows j, from 0, by fma, c ascending.
   *
   * @param scratch at least {@link #OWN} floats
   */
  void dot(
      MemorySegment panels,
      long at,
      int cols,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      float[] scratch);

  /**
   * Many tokens, for {@link Gemm}: {@code scratch[to + c * stride + j] = w[j][from + c]} for c
   * below n and the {@link Gemm#WIDTH} rows j.
   *
   * @param at byte of the panel in {@code panels}
   * @param from a multiple of {@link #GRAIN}
   * @param n a multiple of {@link #GRAIN}, or fewer at the end of a row
   * @param to at least {@link #OWN}; the floats below are the layout's own
   */
  void expand(MemorySegment panels, long at, int from, int n, float[] scratch, int to, int stride);
}
