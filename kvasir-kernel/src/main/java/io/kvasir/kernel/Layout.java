package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A packed form of {@link Gemm#WIDTH} rows, a panel, and the two ways to compute with it. Bits of a
 * sum depend neither on the layout nor on which of the two is used.
 */
sealed interface Layout permits Coded, Wide {
  /** Panels are expanded to f32 in runs of columns that start at multiples of this. */
  int RUN = 256;

  /** Floats at the start of scratch memory that a layout uses for itself. */
  int OWN = 16 * Lanes.N;

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
   * {@code y[j] = sum over c of w[j][c] * x[xAt + c]} for the {@link Gemm#WIDTH} rows j of a panel:
   * from 0, by fma, c ascending.
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
   * {@code scratch[to + c * WIDTH + j] = w[j][from + c]} for c below n.
   *
   * @param from a multiple of {@link #RUN}
   * @param n at most {@link #RUN}, and whole groups of the type
   * @param to at least {@link #OWN}
   */
  void expand(MemorySegment panels, long at, int from, int n, float[] scratch, int to);
}
