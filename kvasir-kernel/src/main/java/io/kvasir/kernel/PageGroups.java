package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Pages whose codes share a scale and a min with their neighbours of the next lanes. A sum runs
 * over positions, which are packed in words; lanes are what it does not run over:
 *
 * <pre>
 *            positions (P)   lanes (L)     a scale is shared by
 *   keys     channels, D     slots, 64     a channel of g slots
 *   values   slots, 64       channels, D   g channels of a slot
 *
 *   for each group of lanes
 *     entry  u32[P]                f16 scale in the low half, f16 min in the upper
 *     codes  word[P / 32][bits][g] of 32 positions; word w holds those from 16 w / bits on in its
 *                                  low half, first one lowest, and in its upper half those that
 *                                  come 16 later
 * </pre>
 *
 * All little-endian. A number is {@code scale * code + min}. A word shifted right by {@code bits *
 * i} has codes of two positions at the bottom of its halves, and those 16 apart: whole vectors of
 * factors meet them without a shuffle. A page is read from its first byte to its last, as the core
 * fetches ahead.
 *
 * @param bits of a code: 2 or 4
 * @param positions P, a multiple of 32
 * @param lanes L, a multiple of group
 * @param group g, a multiple of 32
 */
public record PageGroups(int bits, int positions, int lanes, int group) {
  /** Positions that share words. */
  static final int BLOCK = 32;

  /** Pages of keys of D = {@code dim}. */
  public static PageGroups keys(int bits, int dim, int group) {
    return new PageGroups(bits, dim, PageLayout.SLOTS, group);
  }

  /** Pages of values of D = {@code dim}. */
  public static PageGroups values(int bits, int dim, int group) {
    return new PageGroups(bits, PageLayout.SLOTS, dim, group);
  }

  /** Bytes of a group of lanes. */
  long groupBytes() {
    return 4L * positions + (long) positions * group * bits / 8;
  }

  /** Bytes of a page. */
  public long bytes() {
    return lanes / group * groupBytes();
  }

  /** Bytes from a word of a lane to the next. */
  long stride() {
    return 4L * group;
  }

  /**
   * {@code out[i][l] += sum over p of x[i][p] * (scale * code + min)}: from out, by fma, p
   * ascending, the bracket by fma too. It is computed in registers, once for four rows of x.
   *
   * @param x [count][P]
   * @param n positions that count, from the first on
   * @param used lanes that count, a multiple of group; what {@code out} holds of others is of no
   *     use
   * @param out [count][L]
   */
  public void add(float[] x, int count, MemorySegment page, int n, int used, float[] out) {
    long address = Native.address(page, 0, bytes());
    for (int i = 0; i < count; i += Tile.QUERIES) {
      for (int lane = 0; lane < used; lane += 2 * N) {
        four(x, i, count, address, n, lane, out);
      }
    }
  }

  private void four(float[] x, int i, int count, long page, int n, int lane, float[] out) {
    int bits = this.bits;
    int mask = (1 << bits) - 1;
    int i1 = Math.min(i + 1, count - 1);
    int i2 = Math.min(i + 2, count - 1);
    int i3 = Math.min(i + 3, count - 1);
    int x0 = i * positions;
    int x1 = i1 * positions;
    int x2 = i2 * positions;
    int x3 = i3 * positions;
    int o0 = i * lanes + lane;
    int o1 = i1 * lanes + lane;
    int o2 = i2 * lanes + lane;
    int o3 = i3 * lanes + lane;
    FloatVector a0 = FloatVector.fromArray(F, out, o0);
    FloatVector a1 = FloatVector.fromArray(F, out, o1);
    FloatVector a2 = FloatVector.fromArray(F, out, o2);
    FloatVector a3 = FloatVector.fromArray(F, out, o3);
    FloatVector b0 = FloatVector.fromArray(F, out, o0 + N);
    FloatVector b1 = FloatVector.fromArray(F, out, o1 + N);
    FloatVector b2 = FloatVector.fromArray(F, out, o2 + N);
    FloatVector b3 = FloatVector.fromArray(F, out, o3 + N);
    long entry = page + lane / group * groupBytes();
    long at = entry + 4L * positions + 4L * (lane % group);
    long stride = stride();
    for (int p = 0; p < n; ) {
      long words = at + stride * wordOf(p);
      IntVector xs = IntVector.fromMemorySegment(I, Native.ALL, words, LE);
      IntVector ys = IntVector.fromMemorySegment(I, Native.ALL, words + 4 * N, LE);
      int end = shiftOf(p) + 16;
      for (int c = shiftOf(p); c < end && p < n; c += bits, p++, entry += 4) {
        int side = Native.word(entry);
        FloatVector scale = FloatVector.broadcast(F, Float.float16ToFloat((short) side));
        FloatVector min = FloatVector.broadcast(F, Float.float16ToFloat((short) (side >> 16)));
        FloatVector left =
            ((FloatVector) xs.lanewise(LSHR, c).and(mask).convertShape(I2F, F, 0)).fma(scale, min);
        FloatVector right =
            ((FloatVector) ys.lanewise(LSHR, c).and(mask).convertShape(I2F, F, 0)).fma(scale, min);
        FloatVector v = FloatVector.broadcast(F, x[x0 + p]);
        a0 = left.fma(v, a0);
        b0 = right.fma(v, b0);
        v = FloatVector.broadcast(F, x[x1 + p]);
        a1 = left.fma(v, a1);
        b1 = right.fma(v, b1);
        v = FloatVector.broadcast(F, x[x2 + p]);
        a2 = left.fma(v, a2);
        b2 = right.fma(v, b2);
        v = FloatVector.broadcast(F, x[x3 + p]);
        a3 = left.fma(v, a3);
        b3 = right.fma(v, b3);
      }
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o1);
    a2.intoArray(out, o2);
    a3.intoArray(out, o3);
    b0.intoArray(out, o0 + N);
    b1.intoArray(out, o1 + N);
    b2.intoArray(out, o2 + N);
    b3.intoArray(out, o3 + N);
  }

  /**
   * All numbers of a page.
   *
   * @param out receives them, [P][L]
   */
  public void numbers(MemorySegment page, float[] out) {
    long address = Native.address(page, 0, bytes());
    for (int lane = 0; lane < lanes; lane += N) {
      long entry = address + lane / group * groupBytes();
      long words = entry + 4L * positions + 4L * (lane % group);
      for (int p = 0; p < positions; p++) {
        row(entry + 4L * p, words + stride() * wordOf(p), shiftOf(p), out, p * lanes + lane);
      }
    }
  }

  private void row(long entry, long words, int shift, float[] out, int at) {
    int side = Native.word(entry);
    FloatVector scale = FloatVector.broadcast(F, Float.float16ToFloat((short) side));
    FloatVector min = FloatVector.broadcast(F, Float.float16ToFloat((short) (side >> 16)));
    IntVector codes = IntVector.fromMemorySegment(I, Native.ALL, words, LE);
    ((FloatVector) codes.lanewise(LSHR, shift).and((1 << bits) - 1).convertShape(I2F, F, 0))
        .fma(scale, min)
        .intoArray(out, at);
  }

  /**
   * Writes position p of the group that begins at {@code lane}. Its codes share words with other
   * positions, whose bits stay.
   *
   * @param side f16 scale, and above it f16 min
   * @param codes one per lane of the group
   */
  public void write(MemorySegment page, int lane, int p, int side, int[] codes) {
    page.set(Tile.INT, entryAt(lane, p), side);
    for (int i = 0; i < group; i++) {
      set(page, lane + i, p, codes[i]);
    }
  }

  /** The number at position p of a lane. */
  public float read(MemorySegment page, int lane, int p) {
    int side = page.get(Tile.INT, entryAt(lane, p));
    float scale = Float.float16ToFloat((short) side);
    float min = Float.float16ToFloat((short) (side >> 16));
    return Math.fma(code(page, lane, p), scale, min);
  }

  /** Copies position {@code p} of every lane to position {@code target}, bit for bit. */
  public void move(MemorySegment from, int p, MemorySegment to, int target) {
    for (int lane = 0; lane < lanes; lane += group) {
      to.set(Tile.INT, entryAt(lane, target), from.get(Tile.INT, entryAt(lane, p)));
    }
    for (int lane = 0; lane < lanes; lane++) {
      set(to, lane, target, code(from, lane, p));
    }
  }

  int entry(MemorySegment page, int lane, int p) {
    return page.get(Tile.INT, entryAt(lane, p));
  }

  int code(MemorySegment page, int lane, int p) {
    return page.get(Tile.INT, wordAt(lane, p)) >>> shiftOf(p) & (1 << bits) - 1;
  }

  private void set(MemorySegment page, int lane, int p, int code) {
    int shift = shiftOf(p);
    int others = ~((1 << bits) - 1 << shift);
    long at = wordAt(lane, p);
    page.set(Tile.INT, at, page.get(Tile.INT, at) & others | code << shift);
  }

  private long entryAt(int lane, int p) {
    return lane / group * groupBytes() + 4L * p;
  }

  private long wordAt(int lane, int p) {
    return entryAt(lane, positions) + stride() * wordOf(p) + 4L * (lane % group);
  }

  private int wordOf(int p) {
    return p / BLOCK * bits + p % 16 * bits / 16;
  }

  /** 0 to 15 in the lower half of a word, and 16 more in the upper. */
  private int shiftOf(int p) {
    return (p & 16) + p * bits % 16;
  }
}
