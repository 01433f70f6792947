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
 *   entry    u32[L / g][P]             f16 scale in the low half, f16 min in the upper
 *   codes    word[P * bits / 32][L]    32 / bits positions, the first in the lowest bits
 * </pre>
 *
 * All little-endian. A number is {@code scale * code + min}.
 *
 * @param bits of a code: 2 or 4
 * @param positions P, a multiple of 32
 * @param lanes L, a multiple of group
 * @param group g, a multiple of 32
 */
public record PageGroups(int bits, int positions, int lanes, int group) {
  /** Pages of keys of D = {@code dim}. */
  public static PageGroups keys(int bits, int dim, int group) {
    return new PageGroups(bits, dim, PageLayout.SLOTS, group);
  }

  /** Pages of values of D = {@code dim}. */
  public static PageGroups values(int bits, int dim, int group) {
    return new PageGroups(bits, PageLayout.SLOTS, dim, group);
  }

  /** Byte at which the codes begin. */
  public long codesAt() {
    return 4L * (lanes / group) * positions;
  }

  /** Bytes of a page. */
  public long bytes() {
    return codesAt() + (long) positions * lanes * bits / 8;
  }

  /** Bytes from a word of a lane to the next. */
  long stride() {
    return 4L * lanes;
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
    long entry = page + 4L * (lane / group) * positions;
    long at = page + codesAt() + 4L * lane;
    long stride = stride();
    for (int p = 0; p < n; at += stride) {
      IntVector xs = IntVector.fromMemorySegment(I, Native.ALL, at, LE);
      IntVector ys = IntVector.fromMemorySegment(I, Native.ALL, at + 4 * N, LE);
      for (int c = 0; c < 32 && p < n; c += bits, p++, entry += 4) {
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
    return page.get(Tile.INT, wordAt(lane, p)) >>> p * bits % 32 & (1 << bits) - 1;
  }

  private void set(MemorySegment page, int lane, int p, int code) {
    int shift = p * bits % 32;
    int others = ~((1 << bits) - 1 << shift);
    long at = wordAt(lane, p);
    page.set(Tile.INT, at, page.get(Tile.INT, at) & others | code << shift);
  }

  private long entryAt(int lane, int p) {
    return 4L * (lane / group * positions + p);
  }

  private long wordAt(int lane, int p) {
    return codesAt() + stride() * (p * bits / 32) + 4L * lane;
  }
}
