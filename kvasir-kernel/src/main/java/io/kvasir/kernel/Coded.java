package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Computing with the panels that {@link Coding} describes. */
record Coded(Coding coding) implements Layout {
  private static final int WORD = 4 * Gemm.WIDTH;
  private static final int HALF_WORD = 4 * Lanes.N;

  @Override
  public long panelBytes(int cols) {
    return (long) coding.supers(cols) * coding.superWords * WORD;
  }

  @Override
  public int pack(MemorySegment source, int first, int rows, int cols, MemorySegment panel) {
    return new CodedPacker(coding, source, cols).pack(first, rows, panel);
  }

  @Override
  public void dot(
      MemorySegment panels,
      long at,
      int cols,
      float[] x,
      int xAt,
      float[] y,
      int yAt,
      float[] scratch) {
    int blockCols = coding.groups * coding.groupCols;
    Arrays.fill(scratch, CodeDots.SUMS, CodeDots.SUMS + Gemm.WIDTH, 0f);
    long header = at;
    for (int s = 0; s < cols; s += coding.superCols, header += (long) coding.superWords * WORD) {
      long block = header + (long) coding.headerWords * WORD;
      int end = Math.min(s + coding.superCols, cols);
      for (int b = s; b < end; b += blockCols, block += (long) coding.blockWords * WORD) {
        scales(panels, header, block, scratch);
        int groups = Math.min(coding.groups, (end - b) / coding.groupCols);
        for (int g = 0; g < groups; g++) {
          dotGroup(panels, block, g, x, xAt + b + g * coding.groupCols, scratch);
        }
      }
    }
    System.arraycopy(scratch, CodeDots.SUMS, y, yAt, Gemm.WIDTH);
  }

  private void dotGroup(
      MemorySegment panels, long block, int g, float[] x, int xAt, float[] scratch) {
    long word = block + (long) (coding.tailWords + g * coding.fullWords) * WORD;
    int n = coding.fullWords;
    int from = 4 * g * Lanes.N;
    switch (coding.bits) {
      case 4 -> CodeDots.four(panels, word, n, scratch, from, x, xAt);
      case 5 -> CodeDots.five(panels, word, n, block, scratch, from, x, xAt);
      case 6 -> CodeDots.six(panels, word, n, block, 6 * g, scratch, from, x, xAt);
      case 8 -> CodeDots.eight(panels, word, n, scratch, from, x, xAt);
      default -> CodeDots.two(panels, word, n, scratch, from, x, xAt);
    }
  }

  @Override
  public void expand(
      MemorySegment panels, long at, int from, int n, float[] scratch, int out, int stride) {
    int blockCols = coding.groups * coding.groupCols;
    long header = at + (long) (from / coding.superCols) * coding.superWords * WORD;
    // A run may begin or end inside a superblock, but never inside a block.
    int inside = from % coding.superCols;
    for (int s = -inside; s < n; s += coding.superCols) {
      int first = Math.max(s, 0);
      int end = Math.min(s + coding.superCols, n);
      long block =
          header + (long) (coding.headerWords + (first - s) / blockCols * coding.blockWords) * WORD;
      for (int b = first; b < end; b += blockCols, block += (long) coding.blockWords * WORD) {
        scales(panels, header, block, scratch);
        int groups = Math.min(coding.groups, (end - b) / coding.groupCols);
        for (int g = 0; g < groups; g++) {
          expandGroup(panels, block, g, scratch, out + (b + g * coding.groupCols) * stride, stride);
        }
      }
      header += (long) coding.superWords * WORD;
    }
  }

  private void expandGroup(
      MemorySegment panels, long block, int g, float[] scratch, int out, int stride) {
    long tail = block;
    long word = block + (long) (coding.tailWords + g * coding.fullWords) * WORD;
    int n = coding.fullWords;
    int from = 4 * g * Lanes.N;
    int to = out;
    for (int half = 0; half < 2; half++) {
      switch (coding.bits) {
        case 4 -> CodeWords.four(panels, word, n, scratch, from, to, stride);
        case 5 -> CodeWords.five(panels, word, n, scratch, from, to, stride);
        case 6 -> CodeWords.six(panels, word, n, scratch, from, to, stride);
        case 8 -> CodeWords.eight(panels, word, n, scratch, from, to, stride);
        default -> CodeWords.two(panels, word, n, scratch, from, to, stride);
      }
      for (int i = 0; i < coding.spare; i++) {
        int shift = (g * coding.spare + i) * coding.bits;
        int at = to + (n * coding.perWord + i) * stride;
        CodeWords.one(panels, tail, shift, (1 << coding.bits) - 1, scratch, from, at);
      }
      tail += HALF_WORD;
      word += HALF_WORD;
      from += Lanes.N;
      to += Lanes.N;
    }
  }

  private void scales(MemorySegment panels, long header, long block, float[] out) {
    int groups = coding.groups;
    int first = coding.fieldsAt;
    switch (coding.scale) {
      case HEADER -> CodeScales.header(panels, header, out);
      case HALF -> CodeScales.halves(panels, block, first, groups, coding.zero, out);
      case SCALE_AND_MIN ->
          CodeScales.pairs(panels, header, block, first, groups, coding.fieldBits / 2, out);
      case SIGNED_BYTE -> CodeScales.bytes(panels, header, block, first, groups, coding.zero, out);
    }
  }
}
