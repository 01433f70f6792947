package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Pages of keys whose channels are coded over groups of slots, little-endian: f16 scale and f16 min
 * per (group, channel) as {@code u32[64 / group][D]}, the scale in the low half; then unsigned
 * codes as {@code word[D * bits / 32][64]}, where word w of a slot holds its channels {@code w * 32
 * / bits ..}, the first in the lowest bits.
 *
 * @param bits of a code: 2 or 4
 * @param dim D, a multiple of 32
 * @param group slots that share a scale: 32 or 64
 */
public record PageChannels(int bits, int dim, int group) {

  /** Byte at which the codes begin. */
  public long codesAt() {
    return (long) (PageLayout.SLOTS / group) * dim * 4;
  }

  /** Bytes of a page. */
  public long bytes() {
    return codesAt() + (long) PageLayout.SLOTS * dim * bits / 8;
  }

  /**
   * {@code out[i][r] = sum_d q[i][d] * (scale[d] * code[r][d] + min[d])}: from 0, by fma, d
   * ascending, the bracket by fma too.
   *
   * <p>Scale and min are applied to the code, in registers, once for four queries. To fold them
   * into the queries would take a multiply per query and channel for every group, more than this as
   * soon as two queries share the page, and memory for the folded queries.
   *
   * @param q [count][dim]
   * @param rows slots to score, 1 to 64; what {@code out} holds for later slots is of no use
   * @param out [count][64]
   */
  public void scores(float[] q, int count, MemorySegment page, int rows, float[] out) {
    int dim = this.dim;
    int bits = this.bits;
    int mask = (1 << bits) - 1;
    long sides = Native.address(page, 0, bytes());
    long codes = sides + codesAt();
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
        long entry = sides + 4L * (slot / group) * dim;
        long at = codes + 4L * slot;
        for (int d = 0; d < dim; at += 4 * PageLayout.SLOTS) {
          IntVector xs = IntVector.fromMemorySegment(Lanes.I, Native.ALL, at, Lanes.LE);
          IntVector ys =
              IntVector.fromMemorySegment(Lanes.I, Native.ALL, at + 4 * Lanes.N, Lanes.LE);
          for (int c = 0; c < 32; c += bits, d++, entry += 4) {
            int side = Native.word(entry);
            FloatVector scale = FloatVector.broadcast(Lanes.F, Float.float16ToFloat((short) side));
            FloatVector min =
                FloatVector.broadcast(Lanes.F, Float.float16ToFloat((short) (side >> 16)));
            FloatVector x =
                ((FloatVector) xs.lanewise(LSHR, c).and(mask).convertShape(I2F, Lanes.F, 0))
                    .fma(scale, min);
            FloatVector y =
                ((FloatVector) ys.lanewise(LSHR, c).and(mask).convertShape(I2F, Lanes.F, 0))
                    .fma(scale, min);
            FloatVector v = FloatVector.broadcast(Lanes.F, q[q0 + d]);
            a0 = x.fma(v, a0);
            b0 = y.fma(v, b0);
            v = FloatVector.broadcast(Lanes.F, q[q1 + d]);
            a1 = x.fma(v, a1);
            b1 = y.fma(v, b1);
            v = FloatVector.broadcast(Lanes.F, q[q2 + d]);
            a2 = x.fma(v, a2);
            b2 = y.fma(v, b2);
            v = FloatVector.broadcast(Lanes.F, q[q3 + d]);
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

  /**
   * Writes channel d of the group that begins at {@code slot}. The group's codes share words with
   * other channels: their other bits stay.
   *
   * @param side f16 scale, and above it f16 min
   * @param codes one per slot of the group
   */
  public void write(MemorySegment page, int slot, int d, int side, int[] codes) {
    page.set(Tile.INT, 4L * (slot / group * dim + d), side);
    int shift = d * bits % 32;
    int others = ~((1 << bits) - 1 << shift);
    long at = wordAt(slot, d);
    for (int i = 0; i < group; i++, at += 4) {
      page.set(Tile.INT, at, page.get(Tile.INT, at) & others | codes[i] << shift);
    }
  }

  /** {@code out[at + d] = k[slot][d]}. */
  public void read(MemorySegment page, int slot, float[] out, int at) {
    for (int d = 0; d < dim; d++) {
      int side = page.get(Tile.INT, 4L * (slot / group * dim + d));
      float scale = Float.float16ToFloat((short) side);
      float min = Float.float16ToFloat((short) (side >> 16));
      int code = page.get(Tile.INT, wordAt(slot, d)) >>> d * bits % 32 & (1 << bits) - 1;
      out[at + d] = Math.fma(code, scale, min);
    }
  }

  private long wordAt(int slot, int d) {
    return codesAt() + 4L * (d * bits / 32 * PageLayout.SLOTS + slot);
  }
}
