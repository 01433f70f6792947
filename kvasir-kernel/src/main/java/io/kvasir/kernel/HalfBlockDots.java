package io.kvasir.kernel;

import static io.kvasir.kernel.ByteDots.HALF_WORD;
import static io.kvasir.kernel.ByteDots.WORD;
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

/** {@link ByteDots} for codes in groups of 16 columns, half a block of activations. */
final class HalfBlockDots {
  private static final int PARTS = ByteDots.PARTS;
  static final int LOW_PAIRS = 0x00030003;
  static final int LOW_SIXES = 0x003f003f;
  static final int HIGH_PAIRS = 0x00300030;

  private HalfBlockDots() {}

  static void two(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = (t * x.cols() + c) / 2;
    long word = at;
    for (int g = 0; g < 2 * blocks; g++, word += WORD) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE);
      for (int i = 0; i < 8; i++, pair++) {
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 2 * i).and(LOW_PAIRS).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 2 * i).and(LOW_PAIRS).reinterpretAsShorts().mul(p).add(a1);
      }
      IntVector i0 = a0.reinterpretAsInts();
      IntVector i1 = a1.reinterpretAsInts();
      i0 = i0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i0.lanewise(ASHR, 16));
      i1 = i1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i1.lanewise(ASHR, 16));
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * g * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * g + 1) * N);
    }
  }

  static void three(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = (t * x.cols() + c) / 2;
    for (int g = 0; g < 2 * blocks; g++) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      long block = at + g / 2 * 3 * WORD;
      IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, block + g % 2 * WORD, LE);
      IntVector v1 =
          IntVector.fromMemorySegment(I, Native.ALL, block + g % 2 * WORD + HALF_WORD, LE);
      ShortVector h0 =
          IntVector.fromMemorySegment(I, Native.ALL, block + 2 * WORD, LE)
              .reinterpretAsShorts()
              .lanewise(LSHL, g % 2 * 8);
      ShortVector h1 =
          IntVector.fromMemorySegment(I, Native.ALL, block + 2 * WORD + HALF_WORD, LE)
              .reinterpretAsShorts()
              .lanewise(LSHL, g % 2 * 8);
      for (int i = 0; i < 8; i++, pair++) {
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 =
            v0.lanewise(LSHR, 2 * i)
                .and(LOW_PAIRS)
                .or(h0.lanewise(LSHL, i).lanewise(ASHR, 13).reinterpretAsInts().and(~LOW_PAIRS))
                .reinterpretAsShorts()
                .mul(p)
                .add(a0);
        a1 =
            v1.lanewise(LSHR, 2 * i)
                .and(LOW_PAIRS)
                .or(h1.lanewise(LSHL, i).lanewise(ASHR, 13).reinterpretAsInts().and(~LOW_PAIRS))
                .reinterpretAsShorts()
                .mul(p)
                .add(a1);
      }
      IntVector i0 = a0.reinterpretAsInts();
      IntVector i1 = a1.reinterpretAsInts();
      i0 = i0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i0.lanewise(ASHR, 16));
      i1 = i1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i1.lanewise(ASHR, 16));
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * g * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * g + 1) * N);
    }
  }

  static void six(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int[] evenOdd = x.evenOdd;
    int pair = (t * x.cols() + c) / 2;
    int group = (t * x.cols() + c) / 16;
    long word = at;
    for (int g = 0; g < 2 * blocks; g++, group++, word += 3 * WORD, pair += 8) {
      // Codes are taken up 32 too large: sums may overflow, but not once 32 of each x is away.
      ShortVector a0 =
          IntVector.broadcast(I, evenOdd[group]).reinterpretAsShorts().mul((short) -32);
      ShortVector a1 = a0;
      for (int w = 0; w < 3; w++) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD + HALF_WORD, LE);
        ShortVector p = IntVector.broadcast(I, pairs[pair + 2 * w]).reinterpretAsShorts();
        a0 = v0.and(LOW_SIXES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.and(LOW_SIXES).reinterpretAsShorts().mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 2 * w + 1]).reinterpretAsShorts();
        a0 = v0.lanewise(LSHR, 6).and(LOW_SIXES).reinterpretAsShorts().mul(p).add(a0);
        a1 = v1.lanewise(LSHR, 6).and(LOW_SIXES).reinterpretAsShorts().mul(p).add(a1);
      }
      // The last two of eight: their low four bits end the first two words, the others the third.
      IntVector h0 = IntVector.fromMemorySegment(I, Native.ALL, word + 2 * WORD, LE);
      IntVector h1 = IntVector.fromMemorySegment(I, Native.ALL, word + 2 * WORD + HALF_WORD, LE);
      for (int w = 0; w < 2; w++) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD + HALF_WORD, LE);
        ShortVector p = IntVector.broadcast(I, pairs[pair + 6 + w]).reinterpretAsShorts();
        a0 =
            v0.reinterpretAsShorts()
                .lanewise(LSHR, 12)
                .or(h0.lanewise(LSHR, 8 + 2 * w).and(HIGH_PAIRS).reinterpretAsShorts())
                .mul(p)
                .add(a0);
        a1 =
            v1.reinterpretAsShorts()
                .lanewise(LSHR, 12)
                .or(h1.lanewise(LSHR, 8 + 2 * w).and(HIGH_PAIRS).reinterpretAsShorts())
                .mul(p)
                .add(a1);
      }
      IntVector i0 = a0.reinterpretAsInts();
      IntVector i1 = a1.reinterpretAsInts();
      i0 = i0.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i0.lanewise(ASHR, 16));
      i1 = i1.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i1.lanewise(ASHR, 16));
      ((FloatVector) i0.convertShape(I2F, F, 0)).intoArray(f, PARTS + 2 * g * N);
      ((FloatVector) i1.convertShape(I2F, F, 0)).intoArray(f, PARTS + (2 * g + 1) * N);
    }
  }
}
