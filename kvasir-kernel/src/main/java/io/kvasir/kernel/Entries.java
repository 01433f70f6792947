package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Single numbers of a page that are added to what stands at their places, or to sums over all
 * positions: for each number {@code y} at position p of lane l, {@code out[i][l] += x[i][p] * y} by
 * fma, in the order of the numbers. They stand in native memory by position, in three bytes: u8
 * lane, f16 number, or in four, where lanes are more; or in any order, in four: u16 {@link #place},
 * f16 number.
 *
 * <p>Three rows of x at a time: rows of x and out are padded as {@link FloatTile#padded} says.
 */
public final class Entries {
  /** Positions that a place can name. */
  private static final int POSITION_BITS = 6;

  /** Lanes that a place can name. */
  public static final int PLACE_LANES = 1 << Short.SIZE - POSITION_BITS;

  private static final int ROWS = 3;

  private Entries() {}

  /** The place of a number at a position below 64, in a lane below {@link #PLACE_LANES}. */
  public static short place(int position, int lane) {
    return (short) (lane << POSITION_BITS | position);
  }

  /**
   * Adds numbers that stand by position to sums.
   *
   * @param at byte of {@code from} at which those of position 0 begin
   * @param each numbers of a position
   * @param x [count][positions]
   * @param out [count][lanes]
   */
  public static void addByPosition(
      MemorySegment from,
      long at,
      int positions,
      int each,
      float[] x,
      int count,
      int lanes,
      float[] out) {
    long first = Native.address(from, at, 3L * positions * each);
    for (int i = 0; i < count; i += ROWS) {
      int x0 = i * positions;
      int x1 = x0 + positions;
      int x2 = x1 + positions;
      int o0 = i * lanes;
      int o1 = o0 + lanes;
      int o2 = o1 + lanes;
      long entry = first;
      for (int p = 0; p < positions; p++) {
        float a = x[x0 + p];
        float b = x[x1 + p];
        float c = x[x2 + p];
        for (int j = 0; j < each; j++, entry += 3) {
          int lane = Native.octet(entry);
          float y = Native.half(entry + 1);
          out[o0 + lane] = Math.fma(a, y, out[o0 + lane]);
          out[o1 + lane] = Math.fma(b, y, out[o1 + lane]);
          out[o2 + lane] = Math.fma(c, y, out[o2 + lane]);
        }
      }
    }
  }

  /** Adds numbers that stand with their places to sums; otherwise as {@link #addByPosition}. */
  public static void addPlaces(
      MemorySegment from,
      long at,
      int numbers,
      float[] x,
      int positions,
      int count,
      int lanes,
      float[] out) {
    long first = Native.address(from, at, 4L * numbers);
    for (int i = 0; i < count; i += ROWS) {
      int x0 = i * positions;
      int x1 = x0 + positions;
      int x2 = x1 + positions;
      int o0 = i * lanes;
      int o1 = o0 + lanes;
      int o2 = o1 + lanes;
      long entry = first;
      for (int e = 0; e < numbers; e++, entry += 4) {
        int word = Native.word(entry);
        int p = word & (1 << POSITION_BITS) - 1;
        int lane = (word & 0xffff) >>> POSITION_BITS;
        float y = Float.float16ToFloat((short) (word >> 16));
        out[o0 + lane] = Math.fma(x[x0 + p], y, out[o0 + lane]);
        out[o1 + lane] = Math.fma(x[x1 + p], y, out[o1 + lane]);
        out[o2 + lane] = Math.fma(x[x2 + p], y, out[o2 + lane]);
      }
    }
  }

  /** {@code page[p][l] += y}, numbers that stand by position; as {@link #addByPosition}. */
  public static void addByPosition(
      MemorySegment from, long at, int positions, int each, int lanes, float[] page) {
    long entry = Native.address(from, at, 3L * positions * each);
    for (int p = 0; p < positions; p++) {
      for (int j = 0; j < each; j++, entry += 3) {
        page[p * lanes + Native.octet(entry)] += Native.half(entry + 1);
      }
    }
  }

  /** {@code page[p][l] += y}, numbers that stand with their places; as {@link #addPlaces}. */
  public static void addPlaces(MemorySegment from, long at, int numbers, int lanes, float[] page) {
    long entry = Native.address(from, at, 4L * numbers);
    for (int e = 0; e < numbers; e++, entry += 4) {
      int word = Native.word(entry);
      int p = word & (1 << POSITION_BITS) - 1;
      int lane = (word & 0xffff) >>> POSITION_BITS;
      page[p * lanes + lane] += Float.float16ToFloat((short) (word >> 16));
    }
  }

  /**
   * Adds to a page of a part of the lanes: {@code page[p * byPosition + (l - first) * byLane] += y}
   * for each number whose lane l is {@code first .. first + lanes}. Numbers stand by position, in
   * four bytes.
   *
   * @param positions a multiple of 16
   * @param page f32, native
   */
  public static void addLanes(
      MemorySegment from,
      long at,
      int positions,
      int each,
      int first,
      int lanes,
      int byPosition,
      int byLane,
      MemorySegment page) {
    int numbers = positions * each;
    long words = Native.address(from, at, 4L * numbers);
    long to =
        Native.address(page, 0, 4L * ((positions - 1) * byPosition + (lanes - 1) * byLane + 1));
    for (int i = 0; i < numbers; i += Lanes.N) {
      long inside =
          IntVector.fromMemorySegment(Lanes.I, Native.ALL, words + 4L * i, Lanes.LE)
              .and(0xffff)
              .sub(first)
              .compare(VectorOperators.ULT, lanes)
              .toLong();
      for (; inside != 0; inside &= inside - 1) { // most lanes are of other parts
        int e = i + Long.numberOfTrailingZeros(inside);
        int word = Native.word(words + 4L * e);
        int lane = (word & 0xffff) - first;
        long place = to + 4L * (e / each * byPosition + lane * byLane);
        Native.put(place, Native.real(place) + Float.float16ToFloat((short) (word >> 16)));
      }
    }
  }
}
