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
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * What {@link PageGroups#add} computes, with rounded factors: codes stay integers, and 32 products
 * take four instructions.
 *
 * <p>For each group of lanes its scales are multiplied into a row of x, and the products rounded to
 * integers of at most {@link #largest}, so that a few words add up in shorts: to a 682nd of the
 * largest for 2 bits, a 546th for 4; ggml's Q8 blocks, in which llama.cpp rounds queries for coded
 * keys, have a 127th. The mins make a sum of their own, in f32. Defined by {@link GroupSumsRef},
 * bit for bit.
 *
 * <p>Holds scratch memory; for one thread at a time.
 */
public final class GroupSums {
  /** Rows of x that meet two vectors of codes. */
  private static final int ROWS = 3;

  /** Partial sums of {@code x * min}, see {@link Floats}. */
  private static final int PARTIALS = 16;

  private float[] scales = {}; // [P]
  private float[] mins = {}; // [P]
  private float[] products = {}; // x * scale, [count][P]
  private int[] integers = {}; // the same, rounded, [count][P]
  private int[] pairs = {}; // the same, two shorts to an int as codes lie in a word, [count][P / 2]
  private float[] steps = {}; // what a 1 of them stands for, [count]
  private float[] bases = {}; // sum of x * min, [count]
  private float[] partials = {}; // [count][PARTIALS]
  private float[] sums = {}; // of integers times codes, [count][2 N]

  /** Words of a lane whose products are added in shorts. */
  private static int words(int bits) {
    return bits == 2 ? 2 : 1;
  }

  /** The largest factor: so many of them times the largest code fit a short. */
  static int largest(int bits) {
    return Short.MAX_VALUE / (words(bits) * (16 / bits) * ((1 << bits) - 1));
  }

  /** Parameters are those of {@link PageGroups#add}. */
  public void add(
      PageGroups layout, float[] x, int count, MemorySegment page, int n, int used, float[] out) {
    long address = Native.address(page, 0, layout.bytes());
    int positions = layout.positions();
    reserve(count, positions);
    int words = Math.ceilDiv(n * layout.bits(), 32);
    for (int lane = 0; lane < used; lane += layout.group()) {
      widen(address + 4L * (lane / layout.group()) * positions, positions, n);
      for (int i = 0; i < count; i++) {
        steps[i] = scale(x, i * positions, positions, layout.bits(), i);
      }
      for (int i = 0; i < count; i++) {
        round(i * positions, positions, steps[i] == 0 ? 0 : 1 / steps[i]);
        bases[i] = Floats.sum(partials, i * PARTIALS, PARTIALS);
      }
      for (int i = 0; i < count; i++) {
        pair(i * positions, positions, 16 / layout.bits());
      }
      for (int next = lane; next < lane + layout.group(); next += 2 * N) {
        long codes = address + layout.codesAt() + 4L * next;
        for (int i = 0; i < count; i += ROWS) {
          if (i + 1 == count) {
            one(codes, layout.stride(), words, layout.bits(), i, positions / 2);
          } else {
            three(codes, layout.stride(), words, layout.bits(), i, count - 1, positions / 2);
          }
        }
        finish(count, out, next, layout.lanes());
      }
    }
  }

  private void reserve(int count, int positions) {
    if (products.length < count * positions || steps.length < count) {
      products = new float[count * positions];
      integers = new int[count * positions + N]; // read and written in whole vectors
      pairs = new int[count * positions / 2 + N];
      steps = new float[count];
      bases = new float[count];
      partials = new float[count * PARTIALS];
      sums = new float[count * 2 * N];
    }
    if (scales.length < positions) {
      scales = new float[positions];
      mins = new float[positions];
    }
  }

  /** Scales and mins of a group; 0 from position n on, where a page may hold anything. */
  private void widen(long entry, int positions, int n) {
    float[] scales = this.scales;
    float[] mins = this.mins;
    for (int p = 0; p < positions; p += N) {
      IntVector sides = IntVector.fromMemorySegment(I, Native.ALL, entry + 4L * p, LE);
      sides
          .lanewise(LSHL, 16)
          .lanewise(ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoArray(scales, p);
      sides
          .lanewise(ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoArray(mins, p);
    }
    if (n < positions) {
      Arrays.fill(scales, n, positions, 0f);
      Arrays.fill(mins, n, positions, 0f);
    }
  }

  /**
   * Multiplies scales into row i of x, and adds up its products with the mins.
   *
   * @return the step of the rounded products: 0 if they are all but 0
   */
  private float scale(float[] x, int at, int positions, int bits, int i) {
    float[] scales = this.scales;
    float[] mins = this.mins;
    float[] products = this.products;
    IntVector most = IntVector.zero(I);
    for (int c = 0; c < PARTIALS; c += N) {
      FloatVector base = FloatVector.zero(F);
      for (int p = c; p < positions; p += PARTIALS) {
        FloatVector factor = FloatVector.fromArray(F, x, at + p);
        FloatVector product = factor.mul(FloatVector.fromArray(F, scales, p));
        product.intoArray(products, i * positions + p);
        base = factor.fma(FloatVector.fromArray(F, mins, p), base);
        // bits of magnitudes are in the order of the magnitudes
        most = product.reinterpretAsInts().and(ByteRows.MAGNITUDE).max(most);
      }
      base.intoArray(partials, i * PARTIALS + c);
    }
    float max = Float.intBitsToFloat(most.reduceLanes(MAX));
    return max < ByteRowsRef.SMALLEST ? 0 : max / largest(bits);
  }

  private void round(int at, int positions, float inverse) {
    float[] products = this.products;
    int[] integers = this.integers;
    for (int p = at; p < at + positions; p += N) {
      FloatVector.fromArray(F, products, p)
          .mul(inverse)
          .add(ByteRows.ROUNDER)
          .reinterpretAsInts()
          .sub(ByteRows.ROUNDER_BITS)
          .intoArray(integers, p);
    }
  }

  /**
   * Puts integers h apart into one int, as a shifted word of codes has them.
   *
   * @param h half the codes of a word
   */
  private void pair(int at, int positions, int h) {
    int[] integers = this.integers;
    int[] pairs = this.pairs;
    for (int p = at, to = at / 2; p < at + positions; p += 2 * h, to += h) {
      for (int j = 0; j < h; j += N) { // what is stored too much is overwritten by the next
        IntVector.fromArray(I, integers, p + j)
            .and(0xffff)
            .or(IntVector.fromArray(I, integers, p + h + j).lanewise(LSHL, 16))
            .intoArray(pairs, to + j);
      }
    }
  }

  /** Rows i to i + 2, at most to {@code last}, times two vectors of codes. */
  private void three(long codes, long stride, int words, int bits, int i, int last, int width) {
    int[] pairs = this.pairs;
    float[] sums = this.sums;
    int mask = ((1 << bits) - 1) * 0x10001;
    int inShorts = words(bits);
    int i1 = Math.min(i + 1, last);
    int i2 = Math.min(i + 2, last);
    int x0 = i * width;
    int x1 = i1 * width;
    int x2 = i2 * width;
    ShortVector zero = ShortVector.zero(PAIRS);
    IntVector none = IntVector.zero(I);
    IntVector s0 = none;
    IntVector s1 = none;
    IntVector s2 = none;
    IntVector t0 = none;
    IntVector t1 = none;
    IntVector t2 = none;
    long at = codes;
    for (int w = 0; w < words; w += inShorts) {
      ShortVector a0 = zero;
      ShortVector a1 = zero;
      ShortVector a2 = zero;
      ShortVector b0 = zero;
      ShortVector b1 = zero;
      ShortVector b2 = zero;
      for (int k = w; k < words && k < w + inShorts; k++, at += stride) {
        IntVector left = IntVector.fromMemorySegment(I, Native.ALL, at, LE);
        IntVector right = IntVector.fromMemorySegment(I, Native.ALL, at + 4 * N, LE);
        for (int c = 0; c < 16; c += bits, x0++, x1++, x2++) {
          ShortVector u = left.lanewise(LSHR, c).and(mask).reinterpretAsShorts();
          ShortVector v = right.lanewise(LSHR, c).and(mask).reinterpretAsShorts();
          ShortVector x = IntVector.broadcast(I, pairs[x0]).reinterpretAsShorts();
          a0 = u.mul(x).add(a0);
          b0 = v.mul(x).add(b0);
          x = IntVector.broadcast(I, pairs[x1]).reinterpretAsShorts();
          a1 = u.mul(x).add(a1);
          b1 = v.mul(x).add(b1);
          x = IntVector.broadcast(I, pairs[x2]).reinterpretAsShorts();
          a2 = u.mul(x).add(a2);
          b2 = v.mul(x).add(b2);
        }
      }
      IntVector y = zero.or(a0).reinterpretAsInts(); // of a class that C2 knows, unlike a0
      s0 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(s0);
      y = zero.or(a1).reinterpretAsInts();
      s1 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(s1);
      y = zero.or(a2).reinterpretAsInts();
      s2 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(s2);
      y = zero.or(b0).reinterpretAsInts();
      t0 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(t0);
      y = zero.or(b1).reinterpretAsInts();
      t1 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(t1);
      y = zero.or(b2).reinterpretAsInts();
      t2 = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(t2);
    }
    ((FloatVector) none.or(s0).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i);
    ((FloatVector) none.or(t0).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i + N);
    ((FloatVector) none.or(s1).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i1);
    ((FloatVector) none.or(t1).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i1 + N);
    ((FloatVector) none.or(s2).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i2);
    ((FloatVector) none.or(t2).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i2 + N);
  }

  /** The same of row i alone. */
  private void one(long codes, long stride, int words, int bits, int i, int width) {
    int[] pairs = this.pairs;
    float[] sums = this.sums;
    int mask = ((1 << bits) - 1) * 0x10001;
    int inShorts = words(bits);
    int x0 = i * width;
    ShortVector zero = ShortVector.zero(PAIRS);
    IntVector none = IntVector.zero(I);
    IntVector s = none;
    IntVector t = none;
    long at = codes;
    for (int w = 0; w < words; w += inShorts) {
      ShortVector a = zero;
      ShortVector b = zero;
      for (int k = w; k < words && k < w + inShorts; k++, at += stride) {
        IntVector left = IntVector.fromMemorySegment(I, Native.ALL, at, LE);
        IntVector right = IntVector.fromMemorySegment(I, Native.ALL, at + 4 * N, LE);
        for (int c = 0; c < 16; c += bits, x0++) {
          ShortVector x = IntVector.broadcast(I, pairs[x0]).reinterpretAsShorts();
          a = left.lanewise(LSHR, c).and(mask).reinterpretAsShorts().mul(x).add(a);
          b = right.lanewise(LSHR, c).and(mask).reinterpretAsShorts().mul(x).add(b);
        }
      }
      IntVector y = zero.or(a).reinterpretAsInts();
      s = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(s);
      y = zero.or(b).reinterpretAsInts();
      t = y.lanewise(LSHL, 16).lanewise(ASHR, 16).add(y.lanewise(ASHR, 16)).add(t);
    }
    ((FloatVector) none.or(s).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i);
    ((FloatVector) none.or(t).convertShape(I2F, F, 0)).intoArray(sums, 2 * N * i + N);
  }

  private void finish(int count, float[] out, int lane, int lanes) {
    float[] sums = this.sums;
    for (int i = 0; i < count; i++) {
      int at = i * lanes + lane;
      for (int j = 0; j < 2 * N; j += N) {
        FloatVector.fromArray(F, sums, 2 * N * i + j)
            .fma(
                FloatVector.broadcast(F, steps[i]),
                FloatVector.fromArray(F, out, at + j).add(bases[i]))
            .intoArray(out, at + j);
      }
    }
  }
}
