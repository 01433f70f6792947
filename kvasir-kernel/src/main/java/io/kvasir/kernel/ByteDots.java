package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static io.kvasir.kernel.Lanes.PAIRS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * One row of int8 activations times the blocks of a section, straight from the codes of a panel's 2
 * N rows: for each group, {@code f[SUMS + row] += float(sum of code * x) * (scale[row] * x's
 * scale)}, then {@code += offset[row] * (x's scale * x's sum)}, both by fma.
 *
 * <p>Products are added in shorts while they fit: 16 of a code of at most 5 bits (16 * 127 * 16 <
 * 2^15), 8 of 6 bits, 2 of 8. {@link HalfBlockDots} has the codes in groups of 16. Then the two
 * shorts of a lane, the even and the odd columns of one row, are added as an int: no lane ever
 * meets another. These sums are exact, so the result is the same however they are split.
 *
 * <p>Scales lie as {@link CodeScales} writes them, at {@code f[0]}. {@link #four}, {@link #five}
 * and {@link #eight} write the integer sums, {@link #add} meets them with the scales. No helpers,
 * and loops no longer than a few vectors, which C2 would otherwise spill; what a loop carries is an
 * argument and never a receiver (docs/adr/0009).
 */
final class ByteDots {
  /** Where the sums are in the scratch memory. */
  static final int SUMS = 64 * N;

  /** Where a row's integer sums wait, as floats: 2 N for each group of the section. */
  static final int PARTS = SUMS + 2 * N;

  static final long WORD = 4L * Gemm.WIDTH;
  static final long HALF_WORD = 4L * N;
  static final int LOW_NIBBLES = 0x000f000f;
  static final int LOW_FIVES = 0x001f001f;

  private ByteDots() {}

  static void four(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = (t * x.cols() + c) / 2;
    long word = at;
    for (int b = 0; b < blocks; b++) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      for (int w = 0; w < 4; w++, word += WORD, pair += 4) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE);
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = v0.and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 4).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 4).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 2]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 8).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 8).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 3]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 12).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 12).and(LOW_NIBBLES).reinterpretAsShorts().mul(p).add(a1);
      }
      IntVector i0 = a0.reinterpretAsInts();
      IntVector i1 = a1.reinterpretAsInts();
      i0 = i0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i0.lanewise(ASHR, 16));
      i1 = i1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i1.lanewise(ASHR, 16));
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * b * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * b + 1) * N);
    }
  }

  static void five(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int[] evenOdd = x.evenOdd;
    int pair = (t * x.cols() + c) / 2;
    int block = (t * x.cols() + c) / Coding.BLOCK;
    long word = at;
    for (int b = 0; b < blocks; b++, block++, pair++) {
      // Codes are taken up 16 too large: sums may overflow, but not once 16 of each x is away.
      ShortVector a0 =
          IntVector.broadcast(I, evenOdd[2 * block])
              .reinterpretAsShorts()
              .add(IntVector.broadcast(I, evenOdd[2 * block + 1]).reinterpretAsShorts())
              .mul((short) -16);
      ShortVector a1 = a0;
      ShortVector last0 = ShortVector.zero(PAIRS);
      ShortVector last1 = last0;
      for (int w = 0; w < 5; w++, word += WORD, pair += 3) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE);
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = v0.and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 5).and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 5).and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 2]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 10).and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 10).and(LOW_FIVES).reinterpretAsShorts().mul(p).add(a1);
        last0 = v0.reinterpretAsShorts().lanewise(LSHR, 15).add(last0).add(last0);
        last1 = v1.reinterpretAsShorts().lanewise(LSHR, 15).add(last1).add(last1);
      }
      ShortVector q = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
      a0 = last0.mul(q).add(a0);
      a1 = last1.mul(q).add(a1);
      IntVector i0 = a0.reinterpretAsInts();
      IntVector i1 = a1.reinterpretAsInts();
      i0 = i0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i0.lanewise(ASHR, 16));
      i1 = i1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i1.lanewise(ASHR, 16));
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * b * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * b + 1) * N);
    }
  }

  static void eight(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = (t * x.cols() + c) / 2;
    long word = at;
    for (int b = 0; b < blocks; b++) {
      IntVector i0 = IntVector.zero(I);
      IntVector i1 = i0;
      for (int w = 0; w < 8; w++, word += WORD, pair += 2) {
        ShortVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE).reinterpretAsShorts();
        ShortVector v1 =
            IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE).reinterpretAsShorts();
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        ShortVector q = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        IntVector s0 =
            v0.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(p)
                .add(v0.lanewise(ASHR, 8).mul(q))
                .reinterpretAsInts();
        IntVector s1 =
            v1.lanewise(LSHL, 8)
                .lanewise(ASHR, 8)
                .mul(p)
                .add(v1.lanewise(ASHR, 8).mul(q))
                .reinterpretAsInts();
        i0 = s0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s0.lanewise(ASHR, 16)).add(i0);
        i1 = s1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s1.lanewise(ASHR, 16)).add(i1);
      }
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * b * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * b + 1) * N);
    }
  }

  /**
   * Adds the parts of a section's groups to the sums.
   *
   * @param first group of {@code x} that meets group 0 of the section
   * @param halves 1 where a group is half a block, 0 where it is a block
   */
  static void add(int groups, float[] f, float[] scales, float[] sums, int first, int halves) {
    FloatVector y0 = FloatVector.fromArray(F, f, SUMS);
    FloatVector y1 = FloatVector.fromArray(F, f, SUMS + N);
    int part = PARTS;
    for (int g = 0, at = 0; g < groups; g++, at += 4 * N, part += 2 * N) {
      FloatVector d = FloatVector.broadcast(F, scales[first + g >> halves]);
      FloatVector m = FloatVector.broadcast(F, sums[first + g]);
      y0 = FloatVector.fromArray(F, f, part).fma(FloatVector.fromArray(F, f, at).mul(d), y0);
      y1 =
          FloatVector.fromArray(F, f, part + N).fma(FloatVector.fromArray(F, f, at + N).mul(d), y1);
      y0 = FloatVector.fromArray(F, f, at + 2 * N).fma(m, y0);
      y1 = FloatVector.fromArray(F, f, at + 3 * N).fma(m, y1);
    }
    y0.intoArray(f, SUMS);
    y1.intoArray(f, SUMS + N);
  }
}
