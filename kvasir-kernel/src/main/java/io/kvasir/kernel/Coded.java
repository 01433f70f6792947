package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

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
    int bits = coding.bits;
    int mask = (1 << bits) - 1;
    int perWord = coding.perWord;
    int blockCols = coding.groups * coding.groupCols;
    FloatVector sum0 = FloatVector.zero(Lanes.F);
    FloatVector sum1 = FloatVector.zero(Lanes.F);
    long header = at;
    for (int s = 0; s < cols; s += coding.superCols, header += (long) coding.superWords * WORD) {
      long block = header + (long) coding.headerWords * WORD;
      int end = Math.min(s + coding.superCols, cols);
      for (int b = s; b < end; b += blockCols, block += (long) coding.blockWords * WORD) {
        scales(panels, header, block, scratch);
        long word = block + (long) coding.tailWords * WORD;
        int groups = Math.min(coding.groups, (end - b) / coding.groupCols);
        for (int g = 0; g < groups; g++) {
          FloatVector scale0 = load(scratch, 4 * g);
          FloatVector scale1 = load(scratch, 4 * g + 1);
          FloatVector offset0 = load(scratch, 4 * g + 2);
          FloatVector offset1 = load(scratch, 4 * g + 3);
          int c = xAt + b + g * coding.groupCols;
          for (int w = 0; w < coding.fullWords; w++, word += WORD) {
            IntVector codes0 = Lanes.ints(panels, word);
            IntVector codes1 = Lanes.ints(panels, word + HALF_WORD);
            for (int i = 0; i < perWord; i++, c++) {
              FloatVector v = FloatVector.broadcast(Lanes.F, x[c]);
              sum0 = value(codes0, mask, scale0, offset0).fma(v, sum0);
              sum1 = value(codes1, mask, scale1, offset1).fma(v, sum1);
              codes0 = codes0.lanewise(VectorOperators.LSHR, bits);
              codes1 = codes1.lanewise(VectorOperators.LSHR, bits);
            }
          }
          if (coding.spare > 0) {
            int shift = g * coding.spare * bits;
            IntVector codes0 = Lanes.ints(panels, block).lanewise(VectorOperators.LSHR, shift);
            IntVector codes1 =
                Lanes.ints(panels, block + HALF_WORD).lanewise(VectorOperators.LSHR, shift);
            for (int i = 0; i < coding.spare; i++, c++) {
              FloatVector v = FloatVector.broadcast(Lanes.F, x[c]);
              sum0 = value(codes0, mask, scale0, offset0).fma(v, sum0);
              sum1 = value(codes1, mask, scale1, offset1).fma(v, sum1);
              codes0 = codes0.lanewise(VectorOperators.LSHR, bits);
              codes1 = codes1.lanewise(VectorOperators.LSHR, bits);
            }
          }
        }
      }
    }
    sum0.intoArray(y, yAt);
    sum1.intoArray(y, yAt + Lanes.N);
  }

  @Override
  public void expand(MemorySegment panels, long at, int from, int n, float[] scratch, int out) {
    int bits = coding.bits;
    int mask = (1 << bits) - 1;
    int perWord = coding.perWord;
    int blockCols = coding.groups * coding.groupCols;
    long header = at + (long) (from / coding.superCols) * coding.superWords * WORD;
    for (int s = 0; s < n; s += coding.superCols, header += (long) coding.superWords * WORD) {
      long block = header + (long) coding.headerWords * WORD;
      int end = Math.min(s + coding.superCols, n);
      for (int b = s; b < end; b += blockCols, block += (long) coding.blockWords * WORD) {
        scales(panels, header, block, scratch);
        long word = block + (long) coding.tailWords * WORD;
        int groups = Math.min(coding.groups, (end - b) / coding.groupCols);
        for (int g = 0; g < groups; g++) {
          FloatVector scale0 = load(scratch, 4 * g);
          FloatVector scale1 = load(scratch, 4 * g + 1);
          FloatVector offset0 = load(scratch, 4 * g + 2);
          FloatVector offset1 = load(scratch, 4 * g + 3);
          int to = out + (b + g * coding.groupCols) * Gemm.WIDTH;
          for (int w = 0; w < coding.fullWords; w++, word += WORD) {
            IntVector codes0 = Lanes.ints(panels, word);
            IntVector codes1 = Lanes.ints(panels, word + HALF_WORD);
            for (int i = 0; i < perWord; i++, to += Gemm.WIDTH) {
              value(codes0, mask, scale0, offset0).intoArray(scratch, to);
              value(codes1, mask, scale1, offset1).intoArray(scratch, to + Lanes.N);
              codes0 = codes0.lanewise(VectorOperators.LSHR, bits);
              codes1 = codes1.lanewise(VectorOperators.LSHR, bits);
            }
          }
          if (coding.spare > 0) {
            int shift = g * coding.spare * bits;
            IntVector codes0 = Lanes.ints(panels, block).lanewise(VectorOperators.LSHR, shift);
            IntVector codes1 =
                Lanes.ints(panels, block + HALF_WORD).lanewise(VectorOperators.LSHR, shift);
            for (int i = 0; i < coding.spare; i++, to += Gemm.WIDTH) {
              value(codes0, mask, scale0, offset0).intoArray(scratch, to);
              value(codes1, mask, scale1, offset1).intoArray(scratch, to + Lanes.N);
              codes0 = codes0.lanewise(VectorOperators.LSHR, bits);
              codes1 = codes1.lanewise(VectorOperators.LSHR, bits);
            }
          }
        }
      }
    }
  }

  /** Writes scale0, scale1, offset0, offset1 of each group of a block, a vector each. */
  private void scales(MemorySegment panels, long header, long block, float[] out) {
    for (int half = 0; half < 2; half++) {
      IntVector head = Lanes.ints(panels, header + (long) half * HALF_WORD);
      IntVector tail = Lanes.ints(panels, block + (long) half * HALF_WORD);
      for (int g = 0; g < coding.groups; g++) {
        int field = coding.fieldsAt + g * coding.fieldBits;
        FloatVector scale;
        FloatVector offset;
        switch (coding.scale) {
          case HEADER -> {
            scale = Half.widenFinite(head);
            offset = Half.widenFiniteUpper(head);
          }
          case HALF -> {
            scale = Half.widenFiniteUpper(tail.lanewise(VectorOperators.LSHL, 16 - field));
            offset = scale.mul(-coding.zero);
          }
          case SCALE_AND_MIN -> {
            int width = coding.fieldBits / 2;
            int mask = (1 << width) - 1;
            scale = Half.widenFinite(head).mul(unsigned(tail, field, mask));
            offset = Half.widenFiniteUpper(head).mul(unsigned(tail, field + width, mask)).neg();
          }
          case SIGNED_BYTE -> {
            IntVector signed =
                tail.lanewise(VectorOperators.LSHL, 24 - field).lanewise(VectorOperators.ASHR, 24);
            scale = Half.widenFinite(head).mul(floats(signed));
            offset = scale.mul(-coding.zero);
          }
          default -> throw new AssertionError(coding.scale);
        }
        scale.intoArray(out, (4 * g + half) * Lanes.N);
        offset.intoArray(out, (4 * g + 2 + half) * Lanes.N);
      }
    }
  }

  private static FloatVector unsigned(IntVector tail, int field, int mask) {
    return floats(tail.lanewise(VectorOperators.LSHR, field).and(mask));
  }

  private static FloatVector value(IntVector codes, int mask, FloatVector scale, FloatVector off) {
    return floats(codes.and(mask)).fma(scale, off);
  }

  private static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.I2F, Lanes.F, 0);
  }

  private static FloatVector load(float[] scratch, int vector) {
    return FloatVector.fromArray(Lanes.F, scratch, vector * Lanes.N);
  }
}
