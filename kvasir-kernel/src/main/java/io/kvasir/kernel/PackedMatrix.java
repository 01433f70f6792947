package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A weight matrix [rows][cols] repacked for computing, off-heap, and its products with rows of
 * activations.
 *
 * <p>Rows lie side by side in panels of {@link Gemm#WIDTH} ({@link Coding} draws one), so that a
 * vector lane is an output element. In f32 each element is {@code sum over c of w[r][c] * x[c]}:
 * from 0, by fma, c ascending, w being exactly the value of {@link DequantRef}. With {@link
 * ByteRows} of activations the products of a group of columns are summed exactly, and the groups by
 * fma, ascending ({@link ByteDots}). One token, a batch and any number of threads therefore give
 * the same bits.
 *
 * <p>Bytes per weight, before the rounding of rows to whole panels (in the file):
 *
 * <pre>
 *   Q4_0 .5625 (.5625)   Q4_1 .625 (.625)     Q4_K .578 (.5625)   IQ4_NL 1.0625 (.5625)
 *   Q5_0 .6875 (.6875)   Q5_1 .75  (.75)      Q5_K .703 (.6875)   Q2_K .328 (.328)
 *   Q6_K .828 (.820)     Q8_0 1.0625 (1.0625) Q3_K .453 (.430)    F16, BF16 2    F32 4
 * </pre>
 *
 * <p>Safe to use from several threads; valid as long as its arena.
 */
public final class PackedMatrix {
  /** Panels that are expanded side by side: four sums in flight hide the latency of an fma. */
  private static final int TEAM = 2;

  private static final int STRIDE = TEAM * Gemm.WIDTH;

  /** Columns expanded at a time: the run of a team fits the second cache. */
  private static final int RUN = Coding.SECTION;

  static final int EXPAND_SCRATCH = Layout.OWN + RUN * Bf16Pairs.WIDTH;

  /** Tokens of a batch whose run of x stays in the first cache. */
  private static final int TILE = 8;

  private final TensorType type;
  private final Layout layout;
  private final MemorySegment panels;
  private final long panelBytes;
  private final int rows;
  private final int cols;

  private PackedMatrix(TensorType type, MemorySegment panels, int rows, int cols) {
    this.type = type;
    this.layout = Layout.of(type, cols);
    this.panels = panels;
    this.panelBytes = layout.panelBytes();
    this.rows = rows;
    this.cols = cols;
  }

  /**
   * Packs a tensor.
   *
   * @param source the tensor's blocks, row by row, as in the file; not needed afterwards
   * @param arena owns the packed bytes
   * @throws IllegalArgumentException if cols is not a whole number of blocks, source is shorter
   *     than the tensor, or a scale is NaN or infinite (the sentence names the first such row)
   */
  public static PackedMatrix pack(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena, Workers workers) {
    long bytes = packedBytes(type, rows, cols);
    long needed =
        Math.multiplyExact((long) rows, (long) (cols / type.blockElements()) * type.blockBytes());
    if (source.byteSize() < needed) {
      throw new IllegalArgumentException(
          "%s [%d][%d] takes %d bytes, the source has %d"
              .formatted(type, rows, cols, needed, source.byteSize()));
    }
    PackedMatrix matrix =
        new PackedMatrix(type, arena.allocate(Math.max(bytes, 1), 64), rows, cols);
    AtomicInteger bad = new AtomicInteger(Integer.MAX_VALUE);
    workers.run(
        matrix.panelCount(),
        (p, thread) -> {
          int first = p * Gemm.WIDTH;
          int found =
              matrix.layout.pack(
                  source,
                  first,
                  Math.min(Gemm.WIDTH, rows - first),
                  matrix.panels.asSlice(p * matrix.panelBytes, matrix.panelBytes));
          if (found >= 0) {
            bad.accumulateAndGet(found, Math::min);
          }
        });
    if (bad.get() != Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s [%d][%d]: row %d has a scale or weight that is not finite"
              .formatted(type, rows, cols, bad.get()));
    }
    return matrix;
  }

  /** The bytes that {@link #pack} would allocate; throws as it does for a wrong shape. */
  public static long packedBytes(TensorType type, int rows, int cols) {
    if (rows < 1 || cols < 1 || cols % type.blockElements() != 0) {
      throw new IllegalArgumentException(
          "%s [%d][%d]: rows must be positive and cols a positive multiple of %d"
              .formatted(type, rows, cols, type.blockElements()));
    }
    return Math.multiplyExact(
        Math.ceilDiv((long) rows, Gemm.WIDTH), Layout.of(type, cols).panelBytes());
  }

  /** The format of the file it was packed from. */
  public TensorType type() {
    return type;
  }

  /** Output elements per token. */
  public int rows() {
    return rows;
  }

  /** Input elements per token. */
  public int cols() {
    return cols;
  }

  /** Bytes held off-heap. */
  public long bytes() {
    return panels.byteSize();
  }

  /** Whether activations can be rounded to {@link ByteRows} for it: its type is quantised. */
  public boolean takesBytes() {
    return layout instanceof Coded;
  }

  /** {@link #multiply(Rows, int, Rows, Workers)} on gapless rows. */
  public void multiply(float[] x, int tokens, float[] y, Workers workers) {
    multiply(Rows.of(x, cols), tokens, Rows.of(y, rows), workers);
  }

  /**
   * {@code y[t][r] = sum over c of w[r][c] * x[t][c]}, in f32.
   *
   * @param x f32 [tokens][cols]
   * @param y f32 [tokens][rows], overwritten; must not overlap x
   */
  public void multiply(Rows x, int tokens, Rows y, Workers workers) {
    x.check("x", tokens, cols);
    y.check("y", tokens, rows);
    workers.run(
        teams(), (team, thread) -> multiply(team, x, tokens, y, scratch(workers, thread, 0)));
  }

  /** Units of work of a product in f32. */
  int teams() {
    return Math.ceilDiv(panelCount(), TEAM);
  }

  /** Units of work of a product with {@link ByteRows}. */
  int panelCount() {
    return Math.ceilDiv(rows, Gemm.WIDTH);
  }

  /** The address of panel p. */
  private long panel(int p) {
    return Native.address(panels, p * panelBytes, panelBytes);
  }

  /** Scratch memory of one unit, in f32 (no tokens) or of so many {@link ByteRows}. */
  static float[] scratch(Workers workers, int thread, int tokens) {
    return workers.scratch(thread, Layout.OWN + Math.max(RUN * STRIDE, (tokens + 1) * Gemm.WIDTH));
  }

  /** The rows of panel p, for one or many rows of int8 activations: the same bits. */
  void multiply(int p, ByteRows x, int tokens, Rows y, float[] scratch) {
    Coded coded = (Coded) layout;
    if (tokens == 1) {
      coded.dot(panel(p), x, scratch, Layout.OWN, scratch);
    } else {
      coded.dots(panel(p), x, tokens, scratch);
    }
    int width = Math.min(Gemm.WIDTH, rows - p * Gemm.WIDTH);
    for (int t = 0; t < tokens; t++) {
      int from = Layout.OWN + t * Gemm.WIDTH;
      System.arraycopy(scratch, from, y.data(), y.row(t) + p * Gemm.WIDTH, width);
    }
  }

  /** The rows of one team of panels, run of columns by run of columns: sums rest in y meanwhile. */
  void multiply(int team, Rows x, int tokens, Rows y, float[] scratch) {
    if (tokens == 1) {
      dot(team, x, y, scratch);
      return;
    }
    int firstRow = team * STRIDE;
    int width = Math.min(STRIDE, rows - firstRow);
    for (int t = 0; t < tokens; t++) {
      int at = y.row(t) + firstRow;
      Arrays.fill(y.data(), at, at + width, 0f);
    }
    int lastPanel = Math.min((team + 1) * TEAM, panelCount());
    Rows w = new Rows(scratch, Layout.OWN, STRIDE);
    for (int from = 0; from < cols; from += RUN) {
      int n = Math.min(RUN, cols - from);
      for (int p = team * TEAM; p < lastPanel; p++) {
        int to = Layout.OWN + p % TEAM * Gemm.WIDTH;
        layout.expand(panel(p), from, n, scratch, to, STRIDE);
      }
      for (int t = 0; t < tokens; t += TILE) {
        Gemm.accumulate(
            new Rows(x.data(), x.row(t) + from, x.stride()),
            Math.min(TILE, tokens - t),
            w,
            n,
            width,
            new Rows(y.data(), y.row(t) + firstRow, y.stride()));
      }
    }
  }

  /** One row of activations: weights need not be expanded. */
  private void dot(int team, Rows x, Rows y, float[] scratch) {
    for (int p = team * TEAM; p < Math.min((team + 1) * TEAM, panelCount()); p++) {
      layout.dot(panel(p), x.data(), x.at(), scratch, Layout.OWN, scratch);
      int first = p * Gemm.WIDTH;
      int width = Math.min(Gemm.WIDTH, rows - first);
      System.arraycopy(scratch, Layout.OWN, y.data(), y.at() + first, width);
    }
  }

  /**
   * Rows {@code first} to {@code first + Bf16Pairs.WIDTH - 1} in bf16, as {@link Bf16Pairs}; rows
   * beyond the last are undefined.
   *
   * @param first a multiple of {@link Bf16Pairs#WIDTH}
   * @param out at least {@link Bf16Pairs#bytes} long
   * @param scratch at least {@link #EXPAND_SCRATCH} floats
   */
  void expand(int first, MemorySegment out, float[] scratch) {
    int end = Math.min((first + Bf16Pairs.WIDTH) / Gemm.WIDTH, panelCount());
    if (layout instanceof Coded coded) { // its columns are whole groups, so none is padded
      long to = Native.address(out, 0, Bf16Pairs.bytes(cols));
      for (int p = first / Gemm.WIDTH; p < end; p++) {
        coded.round(panel(p), scratch, to + 4L * (p * Gemm.WIDTH - first));
      }
      return;
    }
    for (int from = 0; from < cols; from += RUN) {
      int n = Math.min(RUN, cols - from);
      for (int p = first / Gemm.WIDTH; p < end; p++) {
        int to = Layout.OWN + p * Gemm.WIDTH - first;
        layout.expand(panel(p), from, n, scratch, to, Bf16Pairs.WIDTH);
      }
      Bf16Pairs.pack(scratch, Layout.OWN, n, out, from);
    }
  }

  /** Dequantises row r into {@code out[at .. at + cols - 1]}; of use for embeddings. */
  public void row(int r, float[] out, int at) {
    float[] scratch = new float[Layout.OWN + RUN * Gemm.WIDTH];
    long panel = panel(r / Gemm.WIDTH);
    for (int from = 0; from < cols; from += RUN) {
      int n = Math.min(RUN, cols - from);
      layout.expand(panel, from, n, scratch, Layout.OWN, Gemm.WIDTH);
      for (int c = 0; c < n; c++) {
        out[at + from + c] = scratch[Layout.OWN + c * Gemm.WIDTH + r % Gemm.WIDTH];
      }
    }
  }
}
