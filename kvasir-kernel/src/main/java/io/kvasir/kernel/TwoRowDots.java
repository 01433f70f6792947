package io.kvasir.kernel;

import static io.kvasir.kernel.ByteDots.HALF_WORD;
import static io.kvasir.kernel.ByteDots.LOW_FIVES;
import static io.kvasir.kernel.ByteDots.LOW_NIBBLES;
import static io.kvasir.kernel.ByteDots.WORD;
import static io.kvasir.kernel.HalfBlockDots.HIGH_PAIRS;
import static io.kvasir.kernel.HalfBlockDots.LOW_PAIRS;
import static io.kvasir.kernel.HalfBlockDots.LOW_SIXES;
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
 * What {@link ByteDots} and {@link HalfBlockDots} compute, for two rows of activations at a time
 * and so with half the work of taking up codes: the same bits. {@link Coding} draws the words.
 *
 * <p>Integer sums wait at {@code f[PARTS + (2 g + k) * }{@link Gemm#WIDTH}{@code ]} as floats, of
 * group g and row {@code t + k}; {@link #add} meets them with the scales.
 */
final class TwoRowDots {
  private TwoRowDots() {}

  static void two(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    for (int g = 0; g < 2 * blocks; g++, out += 4 * N) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
      IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, at + g * WORD, LE);
      IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, at + g * WORD + HALF_WORD, LE);
      for (int i = 0; i < 8; i++, pair += 2) {
        ShortVector code0 = v0.lanewise(LSHR, 2 * i).and(LOW_PAIRS).reinterpretAsShorts();
        ShortVector code1 = v1.lanewise(LSHR, 2 * i).and(LOW_PAIRS).reinterpretAsShorts();
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = code0.mul(p).add(a0);
        a1 = code1.mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        b0 = code0.mul(p).add(b0);
        b1 = code1.mul(p).add(b1);
      }
      IntVector i = a0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out);
      i = a1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + N);
      i = b0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      i = b1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  static void three(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    for (int g = 0; g < 2 * blocks; g++, out += 4 * N) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
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
      for (int i = 0; i < 8; i++, pair += 2) {
        ShortVector code0 =
            v0.lanewise(LSHR, 2 * i)
                .and(LOW_PAIRS)
                .or(h0.lanewise(LSHL, i).lanewise(ASHR, 13).reinterpretAsInts().and(~LOW_PAIRS))
                .reinterpretAsShorts();
        ShortVector code1 =
            v1.lanewise(LSHR, 2 * i)
                .and(LOW_PAIRS)
                .or(h1.lanewise(LSHL, i).lanewise(ASHR, 13).reinterpretAsInts().and(~LOW_PAIRS))
                .reinterpretAsShorts();
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = code0.mul(p).add(a0);
        a1 = code1.mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        b0 = code0.mul(p).add(b0);
        b1 = code1.mul(p).add(b1);
      }
      IntVector i = a0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out);
      i = a1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + N);
      i = b0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      i = b1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  static void four(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    long word = at;
    for (int b = 0; b < blocks; b++, out += 4 * N) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
      for (int w = 0; w < 4; w++, word += WORD) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE);
        for (int i = 0; i < 4; i++, pair += 2) {
          ShortVector code0 = v0.lanewise(LSHR, 4 * i).and(LOW_NIBBLES).reinterpretAsShorts();
          ShortVector code1 = v1.lanewise(LSHR, 4 * i).and(LOW_NIBBLES).reinterpretAsShorts();
          ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
          a0 = code0.mul(p).add(a0);
          a1 = code1.mul(p).add(a1);
          p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
          b0 = code0.mul(p).add(b0);
          b1 = code1.mul(p).add(b1);
        }
      }
      IntVector i = a0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out);
      i = a1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + N);
      i = b0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      i = b1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  static void five(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    long word = at;
    for (int b = 0; b < blocks; b++, out += 4 * N) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
      ShortVector last0 = ShortVector.zero(PAIRS);
      ShortVector last1 = ShortVector.zero(PAIRS);
      for (int w = 0; w < 5; w++, word += WORD) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE);
        last0 = v0.reinterpretAsShorts().lanewise(LSHR, 15).add(last0).add(last0);
        last1 = v1.reinterpretAsShorts().lanewise(LSHR, 15).add(last1).add(last1);
        for (int i = 0; i < 3; i++, pair += 2) {
          ShortVector code0 =
              v0.lanewise(LSHR, 5 * i).and(LOW_FIVES).reinterpretAsShorts().sub((short) 16);
          ShortVector code1 =
              v1.lanewise(LSHR, 5 * i).and(LOW_FIVES).reinterpretAsShorts().sub((short) 16);
          ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
          a0 = code0.mul(p).add(a0);
          a1 = code1.mul(p).add(a1);
          p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
          b0 = code0.mul(p).add(b0);
          b1 = code1.mul(p).add(b1);
        }
      }
      ShortVector code0 = last0.sub((short) 16);
      ShortVector code1 = last1.sub((short) 16);
      ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
      a0 = code0.mul(p).add(a0);
      a1 = code1.mul(p).add(a1);
      p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
      b0 = code0.mul(p).add(b0);
      b1 = code1.mul(p).add(b1);
      pair += 2;
      IntVector i = a0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out);
      i = a1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + N);
      i = b0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      i = b1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  static void six(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    long word = at;
    for (int g = 0; g < 2 * blocks; g++, out += 4 * N, word += 3 * WORD) {
      ShortVector a0 = ShortVector.zero(PAIRS);
      ShortVector a1 = a0;
      ShortVector b0 = a0;
      ShortVector b1 = a0;
      for (int w = 0; w < 3; w++) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD + HALF_WORD, LE);
        for (int i = 0; i < 2; i++, pair += 2) {
          ShortVector code0 =
              v0.lanewise(LSHR, 6 * i).and(LOW_SIXES).reinterpretAsShorts().sub((short) 32);
          ShortVector code1 =
              v1.lanewise(LSHR, 6 * i).and(LOW_SIXES).reinterpretAsShorts().sub((short) 32);
          ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
          a0 = code0.mul(p).add(a0);
          a1 = code1.mul(p).add(a1);
          p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
          b0 = code0.mul(p).add(b0);
          b1 = code1.mul(p).add(b1);
        }
      }
      IntVector h0 = IntVector.fromMemorySegment(I, Native.ALL, word + 2 * WORD, LE);
      IntVector h1 = IntVector.fromMemorySegment(I, Native.ALL, word + 2 * WORD + HALF_WORD, LE);
      for (int w = 0; w < 2; w++, pair += 2) {
        IntVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, Native.ALL, word + w * WORD + HALF_WORD, LE);
        ShortVector code0 =
            v0.reinterpretAsShorts()
                .lanewise(LSHR, 12)
                .or(h0.lanewise(LSHR, 8 + 2 * w).and(HIGH_PAIRS).reinterpretAsShorts())
                .sub((short) 32);
        ShortVector code1 =
            v1.reinterpretAsShorts()
                .lanewise(LSHR, 12)
                .or(h1.lanewise(LSHR, 8 + 2 * w).and(HIGH_PAIRS).reinterpretAsShorts())
                .sub((short) 32);
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        a0 = code0.mul(p).add(a0);
        a1 = code1.mul(p).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        b0 = code0.mul(p).add(b0);
        b1 = code1.mul(p).add(b1);
      }
      IntVector i = a0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out);
      i = a1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + N);
      i = b0.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      i = b1.reinterpretAsInts();
      i = i.lanewise(LSHL, 16).lanewise(ASHR, 16).add(i.lanewise(ASHR, 16));
      ((FloatVector) i.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  static void eight(long at, int blocks, float[] f, ByteRows x, int t, int c) {
    int[] pairs = x.pairs;
    int pair = t * x.cols() / 2 + c;
    int out = ByteDots.PARTS;
    long word = at;
    for (int b = 0; b < blocks; b++, out += 4 * N) {
      IntVector a0 = IntVector.zero(I);
      IntVector a1 = a0;
      IntVector b0 = a0;
      IntVector b1 = a0;
      for (int w = 0; w < 8; w++, word += WORD, pair += 4) {
        ShortVector v0 = IntVector.fromMemorySegment(I, Native.ALL, word, LE).reinterpretAsShorts();
        ShortVector v1 =
            IntVector.fromMemorySegment(I, Native.ALL, word + HALF_WORD, LE).reinterpretAsShorts();
        ShortVector even0 = v0.lanewise(LSHL, 8).lanewise(ASHR, 8);
        ShortVector odd0 = v0.lanewise(ASHR, 8);
        ShortVector even1 = v1.lanewise(LSHL, 8).lanewise(ASHR, 8);
        ShortVector odd1 = v1.lanewise(ASHR, 8);
        ShortVector p = IntVector.broadcast(I, pairs[pair]).reinterpretAsShorts();
        ShortVector q = IntVector.broadcast(I, pairs[pair + 2]).reinterpretAsShorts();
        IntVector s = even0.mul(p).add(odd0.mul(q)).reinterpretAsInts();
        a0 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(a0);
        s = even1.mul(p).add(odd1.mul(q)).reinterpretAsInts();
        a1 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(a1);
        p = IntVector.broadcast(I, pairs[pair + 1]).reinterpretAsShorts();
        q = IntVector.broadcast(I, pairs[pair + 3]).reinterpretAsShorts();
        s = even0.mul(p).add(odd0.mul(q)).reinterpretAsInts();
        b0 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(b0);
        s = even1.mul(p).add(odd1.mul(q)).reinterpretAsInts();
        b1 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(b1);
      }
      ((FloatVector) a0.convertShape(I2F, F, 0)).intoArray(f, out);
      ((FloatVector) a1.convertShape(I2F, F, 0)).intoArray(f, out + N);
      ((FloatVector) b0.convertShape(I2F, F, 0)).intoArray(f, out + 2 * N);
      ((FloatVector) b1.convertShape(I2F, F, 0)).intoArray(f, out + 3 * N);
    }
  }

  /**
   * What {@link ByteDots#add} computes.
   *
   * @param to where the sums of the first row are, before those of the second
   * @param first group of the first row that meets group 0 of the section
   * @param second the same of the second row
   */
  static void add(
      int groups,
      float[] f,
      int to,
      float[] scales,
      float[] sums,
      int first,
      int second,
      int halves) {
    FloatVector a0 = FloatVector.fromArray(F, f, to);
    FloatVector a1 = FloatVector.fromArray(F, f, to + N);
    FloatVector b0 = FloatVector.fromArray(F, f, to + 2 * N);
    FloatVector b1 = FloatVector.fromArray(F, f, to + 3 * N);
    int part = ByteDots.PARTS;
    for (int g = 0, at = 0; g < groups; g++, at += 4 * N, part += 4 * N) {
      FloatVector scale0 = FloatVector.fromArray(F, f, at);
      FloatVector scale1 = FloatVector.fromArray(F, f, at + N);
      FloatVector offset0 = FloatVector.fromArray(F, f, at + 2 * N);
      FloatVector offset1 = FloatVector.fromArray(F, f, at + 3 * N);
      FloatVector d = FloatVector.broadcast(F, scales[first + g >> halves]);
      FloatVector m = FloatVector.broadcast(F, sums[first + g]);
      a0 = FloatVector.fromArray(F, f, part).fma(scale0.mul(d), a0);
      a0 = offset0.fma(m, a0);
      a1 = FloatVector.fromArray(F, f, part + N).fma(scale1.mul(d), a1);
      a1 = offset1.fma(m, a1);
      d = FloatVector.broadcast(F, scales[second + g >> halves]);
      m = FloatVector.broadcast(F, sums[second + g]);
      b0 = FloatVector.fromArray(F, f, part + 2 * N).fma(scale0.mul(d), b0);
      b0 = offset0.fma(m, b0);
      b1 = FloatVector.fromArray(F, f, part + 3 * N).fma(scale1.mul(d), b1);
      b1 = offset1.fma(m, b1);
    }
    a0.intoArray(f, to);
    a1.intoArray(f, to + N);
    b0.intoArray(f, to + 2 * N);
    b1.intoArray(f, to + 3 * N);
  }
}
