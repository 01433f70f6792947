package io.kvasir.kernel;

import static io.kvasir.kernel.ByteDots.HALF_WORD;
import static io.kvasir.kernel.ByteDots.WORD;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Computing with the panels that {@link Coding} describes, section by section.
 *
 * @param cols columns of a row, a multiple of {@link Coding#BLOCK}
 */
record Coded(Coding coding, int cols) implements Layout {

  /** Where the codes of a section are in the scratch memory as shorts, or sums of them. */
  private static final int CODES = ByteDots.PARTS;

  @Override
  public long panelBytes() {
    return coding.rowWords(cols) * WORD;
  }

  @Override
  public int pack(MemorySegment source, int first, int rows, MemorySegment panel) {
    return new CodedPacker(coding, source, cols).pack(first, rows, panel);
  }

  @Override
  public void dot(long at, float[] x, int xAt, float[] y, int yAt, float[] scratch) {
    Arrays.fill(scratch, ByteDots.SUMS, ByteDots.SUMS + Gemm.WIDTH, 0f);
    int pairs = coding.groupCols / 2;
    long section = at;
    for (int c = 0; c < cols; c += Coding.SECTION) {
      int n = Math.min(Coding.SECTION, cols - c);
      int groups = open(section, n, scratch);
      for (int g = 0; g < groups; g++) {
        int code = CODES + g * pairs * Gemm.WIDTH;
        int from = xAt + c + g * coding.groupCols;
        CodeShorts.dot(pairs, code, 4 * g * Lanes.N, coding.bias, scratch, x, from);
      }
      section += coding.words(n) * WORD;
    }
    System.arraycopy(scratch, ByteDots.SUMS, y, yAt, Gemm.WIDTH);
  }

  /**
   * A single row of int8 activations: {@code y[yAt + j] = sum over c of w[j][c] * x[0][c]} for the
   * {@link Gemm#WIDTH} rows j, as {@link ByteDots} says.
   *
   * @param scratch at least {@link #OWN} floats
   */
  void dot(long at, ByteRows x, float[] y, int yAt, float[] scratch) {
    Arrays.fill(scratch, ByteDots.SUMS, ByteDots.SUMS + Gemm.WIDTH, 0f);
    long section = at;
    for (int c = 0; c < cols; c += Coding.SECTION) {
      int n = Math.min(Coding.SECTION, cols - c);
      scales(section, coding.groups(n), coding.bias, scratch);
      long codes = section + coding.scaleWords(n) * WORD;
      int blocks = n / Coding.BLOCK;
      switch (coding.bits) {
        case 2 -> HalfBlockDots.two(codes, blocks, scratch, x, 0, c);
        case 3 -> HalfBlockDots.three(codes, blocks, scratch, x, 0, c);
        case 4 -> ByteDots.four(codes, blocks, scratch, x, 0, c);
        case 5 -> ByteDots.five(codes, blocks, scratch, x, 0, c);
        case 6 -> HalfBlockDots.six(codes, blocks, scratch, x, 0, c);
        default -> ByteDots.eight(codes, blocks, scratch, x, 0, c);
      }
      boolean halves = coding.groupCols < Coding.BLOCK;
      ByteDots.add(
          coding.groups(n),
          scratch,
          x.scales,
          halves ? x.halfSums : x.sums,
          c / coding.groupCols,
          halves ? 1 : 0);
      section += coding.words(n) * WORD;
    }
    System.arraycopy(scratch, ByteDots.SUMS, y, yAt, Gemm.WIDTH);
  }

  /**
   * Several rows of int8 activations: {@code scratch[OWN + t * WIDTH + j]} becomes what {@link
   * #dot} computes for row t alone, bit for bit. The codes of a section come from memory once, and
   * from the first cache for all rows but the first two.
   *
   * @param rows of x, all of them, at least two
   * @param scratch at least {@link #OWN} floats, and {@link Gemm#WIDTH} for each row and one more
   */
  void dots(long at, ByteRows x, int rows, float[] scratch) {
    Arrays.fill(scratch, OWN, OWN + (rows + 1) * Gemm.WIDTH, 0f);
    long section = at;
    for (int c = 0; c < cols; c += Coding.SECTION) {
      int n = Math.min(Coding.SECTION, cols - c);
      scales(section, coding.groups(n), coding.bias, scratch);
      long codes = section + coding.scaleWords(n) * WORD;
      for (int t = 0; t < rows; t += 2) {
        twoRows(codes, n / Coding.BLOCK, scratch, x, t, c);
        addTwo(coding.groups(n), scratch, x, t, Math.min(t + 1, rows - 1), c);
      }
      section += coding.words(n) * WORD;
    }
  }

  private void twoRows(long codes, int blocks, float[] f, ByteRows x, int t, int c) {
    switch (coding.bits) {
      case 2 -> TwoRowDots.two(codes, blocks, f, x, t, c);
      case 3 -> TwoRowDots.three(codes, blocks, f, x, t, c);
      case 4 -> TwoRowDots.four(codes, blocks, f, x, t, c);
      case 5 -> TwoRowDots.five(codes, blocks, f, x, t, c);
      case 6 -> TwoRowDots.six(codes, blocks, f, x, t, c);
      default -> TwoRowDots.eight(codes, blocks, f, x, t, c);
    }
  }

  /**
   * Integer sums of two rows meet the scales of their groups.
   *
   * @param next the row after t, or t where there is none: it is computed again, and dropped
   */
  private void addTwo(int groups, float[] f, ByteRows x, int t, int next, int c) {
    int halves = coding.groupCols < Coding.BLOCK ? 1 : 0;
    float[] sums = halves == 1 ? x.halfSums : x.sums;
    int first = (t * cols + c) / coding.groupCols;
    int second = (next * cols + c) / coding.groupCols;
    int to = OWN + t * Gemm.WIDTH;
    TwoRowDots.add(groups, f, to, x.scales, sums, first, second, halves);
  }

  @Override
  public void expand(long at, int from, int n, float[] scratch, int to, int stride) {
    int end = from + n;
    for (int c = from, next; c < end; c = next) {
      int start = c - c % Coding.SECTION; // a run may begin or end inside a section
      int width = Math.min(Coding.SECTION, cols - start);
      next = Math.min(end, start + width);
      long section = at + (long) (start / Coding.SECTION) * coding.words(Coding.SECTION) * WORD;
      long codes =
          section + (coding.scaleWords(width) + (c - start) / Coding.BLOCK * coding.bits) * WORD;
      scales(section, coding.groups(width), 0, scratch);
      unpack(codes, (next - c) / Coding.BLOCK, scratch);
      for (int group = c; group < next; group += coding.groupCols) {
        int code = CODES + (group - c) / 2 * Gemm.WIDTH;
        int scale = (group - start) / coding.groupCols * 4 * Lanes.N;
        int out = to + (group - from) * stride;
        for (int half = 0; half < Gemm.WIDTH; half += Lanes.N) {
          CodeShorts.widen(
              coding.groupCols / 2,
              code + half,
              scale + half,
              coding.bias,
              scratch,
              out + half,
              stride);
        }
      }
    }
  }

  /**
   * All columns rounded to bf16, as {@link Bf16Pairs}; the f32 between are never in memory.
   *
   * @param to address of the first pair of the panel's first row
   */
  void round(long at, float[] scratch, long to) {
    int pairs = coding.groupCols / 2;
    long section = at;
    for (int c = 0; c < cols; c += Coding.SECTION) {
      int n = Math.min(Coding.SECTION, cols - c);
      int groups = open(section, n, scratch);
      for (int g = 0; g < groups; g++) {
        int code = CODES + g * pairs * Gemm.WIDTH;
        int scale = 4 * g * Lanes.N;
        long out = to + (long) (c / 2 + g * pairs) * Bf16Pairs.PAIR;
        for (int half = 0; half < Gemm.WIDTH; half += Lanes.N) {
          CodeShorts.round(pairs, code + half, scale + half, coding.bias, scratch, out + 4 * half);
        }
      }
      section += coding.words(n) * WORD;
    }
  }

  /**
   * Scales and codes of a whole section, to the scratch memory.
   *
   * @param n its columns
   * @return how many groups it has
   */
  private int open(long section, int n, float[] scratch) {
    int groups = coding.groups(n);
    scales(section, groups, 0, scratch);
    unpack(section + coding.scaleWords(n) * WORD, n / Coding.BLOCK, scratch);
    return groups;
  }

  /** The codes of some blocks as shorts, to {@link #CODES}. */
  private void unpack(long at, int blocks, float[] scratch) {
    for (int half = 0; half < 2; half++) {
      long word = at + half * HALF_WORD;
      int to = CODES + half * Lanes.N;
      switch (coding.bits) {
        case 2 -> CodeShorts.two(word, blocks, scratch, to);
        case 3 -> CodeShorts.three(word, blocks, scratch, to);
        case 4 -> CodeShorts.four(word, blocks, scratch, to);
        case 5 -> CodeShorts.five(word, blocks, scratch, to);
        case 6 -> CodeShorts.six(word, blocks, scratch, to);
        default -> CodeShorts.eight(word, blocks, scratch, to);
      }
    }
  }

  /**
   * Scales and offsets of a section.
   *
   * @param bias what codes lack: {@link Coding#bias} for codes as they are stored, 0 for whole ones
   */
  private void scales(long at, int groups, int bias, float[] out) {
    switch (coding.scale) {
      case TWO_HALVES -> CodeScales.twoHalves(at, groups, bias, out);
      case HALF -> CodeScales.halves(at, groups, coding.zero - bias, out);
      case SCALE_AND_MIN -> CodeScales.scalesAndMins(at, groups, coding.fieldBits / 2, bias, out);
      case SIGNED_BYTE -> CodeScales.signedBytes(at, groups, coding.zero - bias, out);
    }
  }
}
