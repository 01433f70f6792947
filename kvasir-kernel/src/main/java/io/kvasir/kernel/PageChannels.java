package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Pages of keys whose channels are coded over groups of slots, little-endian: f16 scale and f16 min
 * per (group, channel) as {@code u32[64 / group][D]}, the scale in the low half; then unsigned
 * codes as {@code word[D * bits / 32][64]}, where word w of a slot holds its channels {@code w * 32
 * / bits ..}, the first in the lowest bits.
 */
public final class PageChannels {
  private PageChannels() {}

  /** Byte at which the codes begin. */
  public static long codesAt(int dim, int group) {
    return (long) (PageLayout.SLOTS / group) * dim * 4;
  }

  /**
   * {@code out[i][r] = sum_d q[i][d] * (scale[d] * code[r][d] + min[d])}: from 0, by fma, d
   * ascending, the bracket by fma too.
   *
   * <p>Scale and min are applied to the code, in registers, once for four queries. To fold them
   * into the queries would take a multiply per query and channel for every group, more than this as
   * soon as two queries share the page, and memory for the folded queries.
   *
   * @param bits of a code: 2 or 4
   * @param dim D, a multiple of 32
   * @param group slots that share a scale: 32 or 64
   * @param q [count][dim]
   * @param rows slots to score, 1 to 64; what {@code out} holds for later slots is of no use
   * @param out [count][64]
   */
  public static void scores(
      int bits,
      int dim,
      int group,
      float[] q,
      int count,
      MemorySegment page,
      int rows,
      float[] out) {
    int mask = (1 << bits) - 1;
    for (int i = 0; i < count; i += Tile.QUERIES) {
      int i1 = Math.min(i + 1, count - 1);
      int i2 = Math.min(i + 2, count - 1);
      int i3 = Math.min(i + 3, count - 1);
      int q0 = i * dim;
      int q1 = i1 * dim;
      int q2 = i2 * dim;
      int q3 = i3 * dim;
      for (int slot = 0; slot < rows; slot += Tile.SLOTS) {
        FloatVector a0 = FloatVector.zero(Lanes.F);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        long entry = 4L * (slot / group) * dim;
        long at = codesAt(dim, group) + 4L * slot;
        for (int d = 0; d < dim; at += 4 * PageLayout.SLOTS) {
          IntVector xs = Lanes.ints(page, at);
          IntVector ys = Lanes.ints(page, at + 4 * Lanes.N);
          for (int c = 0; c < 32; c += bits, d++, entry += 4) {
            int side = page.get(Tile.INT, entry);
            FloatVector scale = Tile.all(Float.float16ToFloat((short) side));
            FloatVector min = Tile.all(Float.float16ToFloat((short) (side >> 16)));
            FloatVector x = Tile.f32(xs.lanewise(LSHR, c).and(mask)).fma(scale, min);
            FloatVector y = Tile.f32(ys.lanewise(LSHR, c).and(mask)).fma(scale, min);
            FloatVector v = Tile.all(q[q0 + d]);
            a0 = x.fma(v, a0);
            b0 = y.fma(v, b0);
            v = Tile.all(q[q1 + d]);
            a1 = x.fma(v, a1);
            b1 = y.fma(v, b1);
            v = Tile.all(q[q2 + d]);
            a2 = x.fma(v, a2);
            b2 = y.fma(v, b2);
            v = Tile.all(q[q3 + d]);
            a3 = x.fma(v, a3);
            b3 = y.fma(v, b3);
          }
        }
        a0.intoArray(out, i * PageLayout.SLOTS + slot);
        a1.intoArray(out, i1 * PageLayout.SLOTS + slot);
        a2.intoArray(out, i2 * PageLayout.SLOTS + slot);
        a3.intoArray(out, i3 * PageLayout.SLOTS + slot);
        b0.intoArray(out, i * PageLayout.SLOTS + slot + Lanes.N);
        b1.intoArray(out, i1 * PageLayout.SLOTS + slot + Lanes.N);
        b2.intoArray(out, i2 * PageLayout.SLOTS + slot + Lanes.N);
        b3.intoArray(out, i3 * PageLayout.SLOTS + slot + Lanes.N);
      }
    }
  }

  /** Bytes of a page. */
  public static long bytes(int bits, int dim, int group) {
    return codesAt(dim, group) + 8L * bits * dim;
  }

  /**
   * Writes channel d of the group that begins at {@code slot}. The group's codes share words with
   * other channels: their other bits stay.
   *
   * @param side f16 scale, and above it f16 min
   * @param codes one per slot of the group
   */
  public static void write(
      int bits, int dim, MemorySegment page, int slot, int d, int side, int[] codes) {
    int group = codes.length;
    page.set(Tile.INT, 4L * (slot / group * dim + d), side);
    int shift = d * bits % 32;
    int others = ~((1 << bits) - 1 << shift);
    long at = codesAt(dim, group) + 4L * (d * bits / 32 * PageLayout.SLOTS + slot);
    for (int i = 0; i < group; i++) {
      page.set(Tile.INT, at + 4L * i, page.get(Tile.INT, at + 4L * i) & others | codes[i] << shift);
    }
  }

  /** {@code out[at + d] = k[slot][d]}. */
  public static void read(
      int bits, int dim, int group, MemorySegment page, int slot, float[] out, int at) {
    for (int d = 0; d < dim; d++) {
      int side = page.get(Tile.INT, 4L * (slot / group * dim + d));
      long word = codesAt(dim, group) + 4L * (d * bits / 32 * PageLayout.SLOTS + slot);
      int code = page.get(Tile.INT, word) >>> d * bits % 32 & (1 << bits) - 1;
      out[at + d] =
          Math.fma(
              code, Float.float16ToFloat((short) side), Float.float16ToFloat((short) (side >> 16)));
    }
  }
}
