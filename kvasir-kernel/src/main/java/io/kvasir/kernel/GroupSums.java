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

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

  private MemorySegment padded = MemorySegment.NULL; // entries, u32[P]
  private float[] products = {}; // x * scale, [count][P]
  private int[] pairs = {}; // the same, rounded, as codes lie in half words, [count][P / 2]
  private float[] steps = {}; // what a 1 of them stands for, [count]
  private float[] bases = {}; // sum of x * min, [count]
  private float[] partials = {}; // [count][PARTIALS]

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
    int words = Math.ceilDiv(n, PageGroups.BLOCK) * layout.bits();
    for (int lane = 0; lane < used; lane += layout.group()) {
      long entry = address + lane / layout.group() * layout.groupBytes();
      long entries = n == positions ? entry : pad(entry, positions, n);
      for (int i = 0; i < count; i += ROWS) {
        scale(entries, x, positions, layout.bits(), i, count - 1);
      }
      for (int i = 0; i < count; i++) {
        bases[i] = Floats.sum(partials, i * PARTIALS, PARTIALS);
      }
      for (int i = 0; i < count; i += ROWS) {
        round(positions, i, count - 1);
      }
      for (int next = lane; next < lane + layout.group(); next += 2 * N) {
        long codes = entry + 4L * (positions + next - lane);
        for (int i = 0; i < count; i += ROWS) {
          if (i + 1 == count) {
            one(layout, codes, words, i, out, next);
          } else {
            three(layout, codes, words, i, count - 1, out, next);
          }
        }
      }
    }
  }

  private void reserve(int count, int positions) {
    if (products.length < count * positions || steps.length < count) {
      products = new float[count * positions];
      pairs = new int[count * positions / 2];
      steps = new float[count];
      bases = new float[count];
      partials = new float[count * PARTIALS];
    }
  }

  /** The first n entries of a group, and zeros where a page may hold anything. */
  private long pad(long entry, int positions, int n) {
    if (padded.byteSize() < 4L * positions) {
      padded = Arena.ofAuto().allocate(4L * positions, 64);
    }
    MemorySegment.copy(Native.ALL, entry, padded, 0, 4L * n);
    padded.asSlice(4L * n, 4L * (positions - n)).fill((byte) 0);
    return padded.address();
  }

  /**
   * Multiplies scales into rows i to i + 2 of x, at most to {@code last}, adds up their products
   * with the mins, and finds their steps: 0 where all scaled products are but 0.
   */
  private void scale(long entries, float[] x, int positions, int bits, int i, int last) {
    float[] products = this.products;
    int i1 = Math.min(i + 1, last);
    int i2 = Math.min(i + 2, last);
    int x0 = i * positions;
    int x1 = i1 * positions;
    int x2 = i2 * positions;
    IntVector none = IntVector.zero(I);
    IntVector m0 = none;
    IntVector m1 = none;
    IntVector m2 = none;
    for (int c = 0; c < PARTIALS; c += N) {
      FloatVector b0 = FloatVector.zero(F);
      FloatVector b1 = b0;
      FloatVector b2 = b0;
      for (int p = c; p < positions; p += PARTIALS) {
        IntVector sides = IntVector.fromMemorySegment(I, Native.ALL, entries + 4L * p, LE);
        FloatVector scale =
            sides
                .lanewise(LSHL, 16)
                .lanewise(ASHR, 3)
                .and(Half.SIGN_AND_MAGNITUDE)
                .reinterpretAsFloats()
                .mul(Half.BIAS);
        FloatVector min =
            sides
                .lanewise(ASHR, 3)
                .and(Half.SIGN_AND_MAGNITUDE)
                .reinterpretAsFloats()
                .mul(Half.BIAS);
        // bits of magnitudes are in the order of the magnitudes
        FloatVector v = FloatVector.fromArray(F, x, x0 + p);
        b0 = v.fma(min, b0);
        v = v.mul(scale);
        v.intoArray(products, x0 + p);
        m0 = v.reinterpretAsInts().and(ByteRows.MAGNITUDE).max(m0);
        v = FloatVector.fromArray(F, x, x1 + p);
        b1 = v.fma(min, b1);
        v = v.mul(scale);
        v.intoArray(products, x1 + p);
        m1 = v.reinterpretAsInts().and(ByteRows.MAGNITUDE).max(m1);
        v = FloatVector.fromArray(F, x, x2 + p);
        b2 = v.fma(min, b2);
        v = v.mul(scale);
        v.intoArray(products, x2 + p);
        m2 = v.reinterpretAsInts().and(ByteRows.MAGNITUDE).max(m2);
      }
      b0.intoArray(partials, i * PARTIALS + c);
      b1.intoArray(partials, i1 * PARTIALS + c);
      b2.intoArray(partials, i2 * PARTIALS + c);
    }
    steps[i] = step(none.or(m0).reduceLanes(MAX), bits);
    steps[i1] = step(none.or(m1).reduceLanes(MAX), bits);
    steps[i2] = step(none.or(m2).reduceLanes(MAX), bits);
  }

  private static float step(int most, int bits) {
    float max = Float.intBitsToFloat(most);
    return max < ByteRowsRef.SMALLEST ? 0 : max / largest(bits);
  }

  private static float inverse(float step) {
    return step == 0 ? 0 : 1 / step;
  }

  /** Rounds products, and puts those that meet the two halves of a word into one int. */
  private void round(int positions, int i, int last) {
    float[] products = this.products;
    int[] pairs = this.pairs;
    int i1 = Math.min(i + 1, last);
    int i2 = Math.min(i + 2, last);
    FloatVector rounder = FloatVector.broadcast(F, ByteRows.ROUNDER);
    FloatVector f0 = FloatVector.broadcast(F, inverse(steps[i]));
    FloatVector f1 = FloatVector.broadcast(F, inverse(steps[i1]));
    FloatVector f2 = FloatVector.broadcast(F, inverse(steps[i2]));
    int half = PageGroups.BLOCK / 2;
    for (int p = 0; p < positions; p += PageGroups.BLOCK) {
      for (int j = 0; j < half; j += N) {
        int low = p + j;
        int to = p / 2 + j;
        // integers are the lowest bits of the sum
        FloatVector.fromArray(F, products, i * positions + low)
            .fma(f0, rounder)
            .reinterpretAsInts()
            .and(0xffff)
            .or(
                FloatVector.fromArray(F, products, i * positions + low + half)
                    .fma(f0, rounder)
                    .reinterpretAsInts()
                    .lanewise(LSHL, 16))
            .intoArray(pairs, i * positions / 2 + to);
        FloatVector.fromArray(F, products, i1 * positions + low)
            .fma(f1, rounder)
            .reinterpretAsInts()
            .and(0xffff)
            .or(
                FloatVector.fromArray(F, products, i1 * positions + low + half)
                    .fma(f1, rounder)
                    .reinterpretAsInts()
                    .lanewise(LSHL, 16))
            .intoArray(pairs, i1 * positions / 2 + to);
        FloatVector.fromArray(F, products, i2 * positions + low)
            .fma(f2, rounder)
            .reinterpretAsInts()
            .and(0xffff)
            .or(
                FloatVector.fromArray(F, products, i2 * positions + low + half)
                    .fma(f2, rounder)
                    .reinterpretAsInts()
                    .lanewise(LSHL, 16))
            .intoArray(pairs, i2 * positions / 2 + to);
      }
    }
  }

  /** Rows i to i + 2, at most to {@code last}, times two vectors of codes. */
  private void three(
      PageGroups layout, long codes, int words, int i, int last, float[] out, int lane) {
    int[] pairs = this.pairs;
    int bits = layout.bits();
    long stride = layout.stride();
    int width = layout.positions() / 2;
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
    int o0 = i * layout.lanes() + lane;
    int o1 = i1 * layout.lanes() + lane;
    int o2 = i2 * layout.lanes() + lane;
    // rows may be the same: all are read before one is written
    FloatVector step0 = FloatVector.broadcast(F, steps[i]);
    FloatVector base0 = FloatVector.broadcast(F, bases[i]);
    FloatVector y0 =
        ((FloatVector) none.or(s0).convertShape(I2F, F, 0))
            .fma(step0, FloatVector.fromArray(F, out, o0).add(base0));
    FloatVector z0 =
        ((FloatVector) none.or(t0).convertShape(I2F, F, 0))
            .fma(step0, FloatVector.fromArray(F, out, o0 + N).add(base0));
    FloatVector step1 = FloatVector.broadcast(F, steps[i1]);
    FloatVector base1 = FloatVector.broadcast(F, bases[i1]);
    FloatVector y1 =
        ((FloatVector) none.or(s1).convertShape(I2F, F, 0))
            .fma(step1, FloatVector.fromArray(F, out, o1).add(base1));
    FloatVector z1 =
        ((FloatVector) none.or(t1).convertShape(I2F, F, 0))
            .fma(step1, FloatVector.fromArray(F, out, o1 + N).add(base1));
    FloatVector step2 = FloatVector.broadcast(F, steps[i2]);
    FloatVector base2 = FloatVector.broadcast(F, bases[i2]);
    FloatVector y2 =
        ((FloatVector) none.or(s2).convertShape(I2F, F, 0))
            .fma(step2, FloatVector.fromArray(F, out, o2).add(base2));
    FloatVector z2 =
        ((FloatVector) none.or(t2).convertShape(I2F, F, 0))
            .fma(step2, FloatVector.fromArray(F, out, o2 + N).add(base2));
    y0.intoArray(out, o0);
    z0.intoArray(out, o0 + N);
    y1.intoArray(out, o1);
    z1.intoArray(out, o1 + N);
    y2.intoArray(out, o2);
    z2.intoArray(out, o2 + N);
  }

  /** The same of row i alone. */
  private void one(PageGroups layout, long codes, int words, int i, float[] out, int lane) {
    int[] pairs = this.pairs;
    int bits = layout.bits();
    long stride = layout.stride();
    int width = layout.positions() / 2;
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
    int o = i * layout.lanes() + lane;
    FloatVector step = FloatVector.broadcast(F, steps[i]);
    FloatVector base = FloatVector.broadcast(F, bases[i]);
    FloatVector left =
        ((FloatVector) none.or(s).convertShape(I2F, F, 0))
            .fma(step, FloatVector.fromArray(F, out, o).add(base));
    FloatVector right =
        ((FloatVector) none.or(t).convertShape(I2F, F, 0))
            .fma(step, FloatVector.fromArray(F, out, o + N).add(base));
    left.intoArray(out, o);
    right.intoArray(out, o + N);
  }
}
