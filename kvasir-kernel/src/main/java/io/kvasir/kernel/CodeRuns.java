package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.N;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Runs of codes of 2, 3 or 4 bits as f32: code i is at bit {@code i * bits}, the lowest bit of a
 * byte first. The codes of four vectors of numbers lie in one vector of 16-bit words; a permutation
 * brings every lane the word that its code begins in, and the next one. Defined by {@link
 * CodeRunsRef}.
 */
public final class CodeRuns {
  /** Bytes behind a run that are read beside it: whole vectors are loaded. */
  public static final int BEHIND = 64;

  private static final int UNIT = 8;

  private static final int MOST_BITS = 4;

  /** Numbers of {@link #repeated} levels. */
  public static final int LEVELS = 1 << MOST_BITS;

  /** Vectors of numbers whose codes one vector of shorts holds. */
  private static final int QUARTERS = 4;

  private static final short[][] WORDS = words();

  private static final int[][] SHIFTS = shifts();

  private CodeRuns() {}

  /**
   * Runs of 64, one for each place, with a scale and an offset for each number: {@code out[r * 64 +
   * i] = code[place][i] * scales[s + i] + offsets[s + i]} by fma, place being {@code places[first +
   * r]} and s the group of the place, times 64.
   *
   * @param from native memory that holds the runs, that of place 0 from byte {@code at} on, and
   *     {@link #BEHIND}
   * @param bits of a code: 2, 3 or 4
   * @param group places that share scales and offsets
   * @param out native memory, f32
   */
  public static void columns(
      MemorySegment from,
      long at,
      int bits,
      int[] places,
      int first,
      int count,
      int group,
      float[] scales,
      float[] offsets,
      MemorySegment out) {
    int n = PageLayout.SLOTS;
    long start = Native.address(from, at, (long) places.length * n / UNIT * bits + BEHIND);
    long to = Native.address(out, 0, 4L * count * n);
    for (int i = 0; i < n; i += QUARTERS * N) {
      column(
          start + i / UNIT * bits,
          bits,
          places,
          first,
          count,
          group,
          scales,
          offsets,
          i,
          to + 4L * i);
    }
  }

  /** Four vectors of each run, from number {@code i} on. */
  private static void column(
      long start,
      int bits,
      int[] places,
      int first,
      int count,
      int group,
      float[] scales,
      float[] offsets,
      int i,
      long to) {
    int mask = (1 << bits) - 1;
    int bytes = PageLayout.SLOTS / UNIT * bits;
    ShortVector wordsA = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 0);
    ShortVector wordsB = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 2 * N);
    ShortVector wordsC = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 4 * N);
    ShortVector wordsD = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 6 * N);
    IntVector shiftsA = IntVector.fromArray(I, SHIFTS[bits], 0);
    IntVector shiftsB = IntVector.fromArray(I, SHIFTS[bits], N);
    IntVector shiftsC = IntVector.fromArray(I, SHIFTS[bits], 2 * N);
    IntVector shiftsD = IntVector.fromArray(I, SHIFTS[bits], 3 * N);
    for (int r = 0; r < count; r++, to += 4L * PageLayout.SLOTS) {
      int place = places[first + r];
      int side = place / group * PageLayout.SLOTS + i;
      long run = start + (long) place * bytes;
      ShortVector line = ShortVector.fromMemorySegment(Lanes.PAIRS, Native.ALL, run, Lanes.LE);
      ((FloatVector)
              wordsA
                  .selectFrom(line)
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, shiftsA)
                  .and(mask)
                  .convertShape(VectorOperators.I2F, F, 0))
          .fma(FloatVector.fromArray(F, scales, side), FloatVector.fromArray(F, offsets, side))
          .intoMemorySegment(Native.ALL, to, Lanes.LE);
      ((FloatVector)
              wordsB
                  .selectFrom(line)
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, shiftsB)
                  .and(mask)
                  .convertShape(VectorOperators.I2F, F, 0))
          .fma(
              FloatVector.fromArray(F, scales, side + N),
              FloatVector.fromArray(F, offsets, side + N))
          .intoMemorySegment(Native.ALL, to + 4L * N, Lanes.LE);
      ((FloatVector)
              wordsC
                  .selectFrom(line)
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, shiftsC)
                  .and(mask)
                  .convertShape(VectorOperators.I2F, F, 0))
          .fma(
              FloatVector.fromArray(F, scales, side + 2 * N),
              FloatVector.fromArray(F, offsets, side + 2 * N))
          .intoMemorySegment(Native.ALL, to + 8L * N, Lanes.LE);
      ((FloatVector)
              wordsD
                  .selectFrom(line)
                  .reinterpretAsInts()
                  .lanewise(VectorOperators.LSHR, shiftsD)
                  .and(mask)
                  .convertShape(VectorOperators.I2F, F, 0))
          .fma(
              FloatVector.fromArray(F, scales, side + 3 * N),
              FloatVector.fromArray(F, offsets, side + 3 * N))
          .intoMemorySegment(Native.ALL, to + 12L * N, Lanes.LE);
    }
  }

  /**
   * As many levels as codes need, over and over, so that a vector can choose among them whatever
   * stands above a code's bits; for {@link #levels}.
   */
  public static float[] repeated(float[] levels) {
    float[] repeated = new float[LEVELS];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = levels[i % levels.length];
    }
    return repeated;
  }

  /**
   * Runs some bytes apart whose codes choose levels: {@code out[outAt + r * width + i] =
   * levels[code[r][i]] * halves[first + r] + mids[first + r]} by fma.
   *
   * @param from native memory that holds the runs from byte {@code at} on, and {@link #BEHIND}
   * @param stride bytes from a run to the next
   * @param bits of a code: 2, 3 or 4
   * @param n codes of a run, a multiple of 16
   * @param levels {@link #repeated}
   * @param out native memory, f32
   */
  public static void levels(
      MemorySegment from,
      long at,
      long stride,
      int bits,
      int n,
      int count,
      float[] levels,
      float[] mids,
      float[] halves,
      int first,
      MemorySegment out,
      int outAt,
      int width) {
    long run = Native.address(from, at, (count - 1) * stride + n / UNIT * bits + BEHIND);
    long to = Native.address(out, 4L * outAt, 4L * ((count - 1) * width + n));
    long row = 4L * width;
    for (int i = 0; i < n; i += QUARTERS * N) {
      int quarters = Math.min(QUARTERS, (n - i) / N);
      long codes = run + i / UNIT * bits;
      long numbers = to + 4L * i;
      if (1 << bits <= N) {
        one(codes, stride, bits, quarters, count, levels, mids, halves, first, numbers, row);
      } else {
        several(codes, stride, bits, quarters, count, levels, mids, halves, first, numbers, row);
      }
    }
  }

  /** Levels that fill one vector. Quarters that there are not are the last one again. */
  private static void one(
      long run,
      long stride,
      int bits,
      int quarters,
      int count,
      float[] levels,
      float[] mids,
      float[] halves,
      int first,
      long to,
      long width) {
    int b = Math.min(1, quarters - 1);
    int c = Math.min(2, quarters - 1);
    int d = Math.min(3, quarters - 1);
    ShortVector wordsA = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 0);
    ShortVector wordsB = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 2 * N * b);
    ShortVector wordsC = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 2 * N * c);
    ShortVector wordsD = ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 2 * N * d);
    IntVector shiftsA = IntVector.fromArray(I, SHIFTS[bits], 0);
    IntVector shiftsB = IntVector.fromArray(I, SHIFTS[bits], N * b);
    IntVector shiftsC = IntVector.fromArray(I, SHIFTS[bits], N * c);
    IntVector shiftsD = IntVector.fromArray(I, SHIFTS[bits], N * d);
    FloatVector level = FloatVector.fromArray(F, levels, 0);
    for (int r = 0; r < count; r++, run += stride, to += width) {
      FloatVector half = FloatVector.broadcast(F, halves[first + r]);
      IntVector chosen =
          level.fma(half, FloatVector.broadcast(F, mids[first + r])).reinterpretAsInts();
      ShortVector line = ShortVector.fromMemorySegment(Lanes.PAIRS, Native.ALL, run, Lanes.LE);
      wordsA
          .selectFrom(line)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, shiftsA)
          .selectFrom(chosen)
          .intoMemorySegment(Native.ALL, to, Lanes.LE);
      wordsB
          .selectFrom(line)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, shiftsB)
          .selectFrom(chosen)
          .intoMemorySegment(Native.ALL, to + 4L * N * b, Lanes.LE);
      wordsC
          .selectFrom(line)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, shiftsC)
          .selectFrom(chosen)
          .intoMemorySegment(Native.ALL, to + 4L * N * c, Lanes.LE);
      wordsD
          .selectFrom(line)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHR, shiftsD)
          .selectFrom(chosen)
          .intoMemorySegment(Native.ALL, to + 4L * N * d, Lanes.LE);
    }
  }

  /** More levels than a vector has lanes: the bits above a lane's number choose the vector. */
  private static void several(
      long run,
      long stride,
      int bits,
      int quarters,
      int count,
      float[] levels,
      float[] mids,
      float[] halves,
      int first,
      long to,
      long width) {
    int others = (1 << bits) - N;
    for (int r = 0; r < count; r++, run += stride, to += width) {
      FloatVector half = FloatVector.broadcast(F, halves[first + r]);
      FloatVector mid = FloatVector.broadcast(F, mids[first + r]);
      ShortVector line = ShortVector.fromMemorySegment(Lanes.PAIRS, Native.ALL, run, Lanes.LE);
      for (int q = 0; q < quarters; q++) {
        IntVector codes =
            ShortVector.fromArray(Lanes.PAIRS, WORDS[bits], 2 * N * q)
                .selectFrom(line)
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, IntVector.fromArray(I, SHIFTS[bits], N * q));
        IntVector chosen = IntVector.zero(I);
        for (int v = 0; v <= others; v += N) {
          IntVector some = FloatVector.fromArray(F, levels, v).fma(half, mid).reinterpretAsInts();
          chosen =
              codes
                  .selectFrom(some)
                  .blend(chosen, codes.and(others).compare(VectorOperators.NE, v));
        }
        chosen.intoMemorySegment(Native.ALL, to + 4L * N * q, Lanes.LE);
      }
    }
  }

  /** For each lane of each quarter and code width, the number of the word its code begins in. */
  private static short[][] words() {
    short[][] words = new short[MOST_BITS + 1][2 * QUARTERS * N];
    for (int bits = 0; bits <= MOST_BITS; bits++) {
      for (int i = 0; i < QUARTERS * N; i++) {
        words[bits][2 * i] = (short) (i * bits / Short.SIZE);
        words[bits][2 * i + 1] = (short) (i * bits / Short.SIZE + 1); // as the code may go on in it
      }
    }
    return words;
  }

  /** At which bit of that word. */
  private static int[][] shifts() {
    int[][] shifts = new int[MOST_BITS + 1][QUARTERS * N];
    for (int bits = 0; bits <= MOST_BITS; bits++) {
      for (int i = 0; i < QUARTERS * N; i++) {
        shifts[bits][i] = i * bits % Short.SIZE;
      }
    }
    return shifts;
  }

  /**
   * {@code out[outAt + i] = from[i]}, 16-bit whole numbers from byte {@code at} on as f32, for i
   * below n, a multiple of 16.
   */
  public static void wholes(MemorySegment from, long at, int n, float[] out, int outAt) {
    long first = Native.address(from, at, 2L * n);
    for (int i = 0; i < n; i += N) {
      ((FloatVector) Lanes.shorts(first + 2L * i).convertShape(VectorOperators.I2F, F, 0))
          .intoArray(out, outAt + i);
    }
  }
}
