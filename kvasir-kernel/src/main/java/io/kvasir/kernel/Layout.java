package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** A packed form of {@link Gemm#WIDTH} rows, a panel. */
sealed interface Layout permits Coded, Wide {
  /** Columns can be expanded from any multiple of this: a group of every type ends there. */
  int GRAIN = 32;

  /**
   * Floats at the start of scratch memory that a layout uses for itself: scales and offsets of 16
   * groups, sums, and the codes of {@link Coding#SECTION} columns.
   */
  int OWN = ByteDots.PARTS + Coding.SECTION * Lanes.N;

  static Layout of(TensorType type, int cols) {
    return switch (type) {
      case F32, F16, BF16 -> new Wide(type, cols);
      default -> new Coded(Coding.of(type), cols);
    };
  }

  /** Bytes of one panel. */
  long panelBytes();

  /**
   * Packs rows {@code first} to {@code first + rows - 1} of {@code source} into the panel; lanes
   * beyond are left as they are.
   *
   * @return the first row with a scale that is not finite, or -1
   */
  int pack(MemorySegment source, int first, int rows, MemorySegment panel);

  /**
   * One row of f32 activations: {@code y[yAt + j] = sum over c of w[j][c] * x[xAt + c]} for the
   * {@link Gemm#WIDTH} rows j, from 0, by fma, c ascending.
   *
   * @param scratch at least {@link #OWN} floats
   */
  void dot(long at, float[] x, int xAt, float[] y, int yAt, float[] scratch);

  /**
   * Values in f32, for {@link Gemm}: {@code scratch[to + c * stride + j] = w[j][from + c]} for c
   * below n and the {@link Gemm#WIDTH} rows j.
   *
   * @param at address of the panel
   * @param from a multiple of {@link #GRAIN}
   * @param n a multiple of {@link #GRAIN}, or fewer at the end of a row
   * @param to at least {@link #OWN}; the floats below are the layout's own
   */
  void expand(long at, int from, int n, float[] scratch, int to, int stride);
}
