package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Panels of unquantised weights. A word (one i32 per row) holds one f32, or two of f16 or bf16, the
 * even column in the low half; the last word of an odd row is half used.
 */
record Wide(TensorType type, int cols) implements Layout {
  private static final int WORD = 4 * Gemm.WIDTH;
  private static final int CHUNK = 256; // words of a row that are packed at a time
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public long panelBytes() {
    return (long) (type == TensorType.F32 ? cols : Math.ceilDiv(cols, 2)) * WORD;
  }

  @Override
  public int pack(MemorySegment source, int first, int rows, MemorySegment panel) {
    int bad = Integer.MAX_VALUE;
    int perWord = type == TensorType.F32 ? 1 : 2;
    int[] words = new int[CHUNK * Gemm.WIDTH];
    int total = Math.ceilDiv(cols, perWord);
    for (int from = 0; from < total; from += CHUNK) {
      int n = Math.min(CHUNK, total - from);
      for (int r = 0; r < rows; r++) {
        long row = (long) (first + r) * cols * type.blockBytes();
        boolean finite = true;
        for (int i = 0; i < n; i++) {
          int word;
          if (perWord == 1) {
            word = source.get(INT, row + 4L * (from + i));
            finite &= Float.isFinite(Float.intBitsToFloat(word));
          } else {
            int c = 2 * (from + i);
            int low = source.get(SHORT, row + 2L * c) & 0xffff;
            int high = c + 1 < cols ? source.get(SHORT, row + 2L * (c + 1)) & 0xffff : 0;
            finite &= finite(low) && finite(high);
            word = low | high << 16;
          }
          words[i * Gemm.WIDTH + r] = word;
        }
        if (!finite) {
          bad = Math.min(bad, first + r);
        }
      }
      MemorySegment.copy(words, 0, panel, ValueLayout.JAVA_INT, (long) from * WORD, n * Gemm.WIDTH);
    }
    return bad == Integer.MAX_VALUE ? -1 : bad;
  }

  private boolean finite(int bits) {
    return type == TensorType.F16
        ? Half.finite(bits)
        : Float.isFinite(Float.intBitsToFloat(bits << 16));
  }

  @Override
  public void dot(long at, float[] x, int xAt, float[] y, int yAt, float[] scratch) {
    switch (type) {
      case F32 -> WideWords.dotF32(at, cols, x, xAt, y, yAt);
      case F16 -> WideWords.dotF16(at, cols, x, xAt, y, yAt);
      default -> WideWords.dotBf16(at, cols, x, xAt, y, yAt);
    }
  }

  @Override
  public void expand(long at, int from, int n, float[] scratch, int to, int stride) {
    for (int half = 0; half < 2; half++) {
      long word = at + 4L * half * Lanes.N;
      int out = to + half * Lanes.N;
      switch (type) {
        case F32 -> WideWords.expandF32(word + (long) from * WORD, n, scratch, out, stride);
        case F16 -> WideWords.expandF16(word + from / 2L * WORD, n, scratch, out, stride);
        default -> WideWords.expandBf16(word + from / 2L * WORD, n, scratch, out, stride);
      }
    }
  }
}
