package io.kvasir.kv.codec;

import io.kvasir.kernel.Floats;
import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.Half;
import io.kvasir.kernel.PageLayout;
import io.kvasir.kernel.Pages;
import io.kvasir.kernel.ScaledHalves;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Pages of {@link MiniCache}: 64 rows of the heads of two layers, by pairs of heads. Layout,
 * version 2, little-endian, for each pair, n rows retained:
 *
 * <pre>
 *   128 D      e, of length 1, as {@link F16} has a page
 *   512        length[layer][slot]                         f32
 *   n          slot[i]                                     u8, ascending
 *   4 D n      row[i][layer][d]                            f16, as it was
 * </pre>
 *
 * <p>All of it is padded to a multiple of 64 bytes.
 */
record SharedDirections(MiniCache method, boolean keys, int pairs, int dim) implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final ThreadLocal<float[]> ROOM = ThreadLocal.withInitial(() -> new float[0]);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  SharedDirections {
    BlockCoder.checkDim("minicache", dim, 16);
  }

  @Override
  public int members() {
    return 2 * pairs;
  }

  @Override
  public long pageBytes() {
    return pairs * pairBytes();
  }

  @Override
  public long scaleBytes() {
    return pairs * 8L * ROWS;
  }

  @Override
  public boolean unrotated() {
    return false; // both layers rotate alike, so angles are the same before and after
  }

  @Override
  public int group() {
    return ROWS;
  }

  @Override
  public int sealable(int rawRows) {
    return rawRows - rawRows % ROWS;
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    RawPage.check(rows, "minicache", dim, slot, 65504);
    for (int pair = 0; pair < pairs; pair++) {
      encode(rows[pair], rows[pairs + pair], page.asSlice(pair * pairBytes(), pairBytes()));
    }
  }

  private void encode(RawPage earlier, RawPage later, MemorySegment to) {
    float[] e = new float[dim];
    long[] byAngle = new long[ROWS]; // cosine, then slot
    for (int slot = 0; slot < ROWS; slot++) {
      int at = slot * dim;
      double cosine = method.direction(earlier.values(), at, later.values(), at, dim, e);
      byAngle[slot] = Math.round((cosine + 1) * 1e15) << 6 | slot;
      for (int d = 0; d < dim; d++) {
        Half.set(to, numberAt(slot, d), e[d]);
      }
      to.set(FLOAT, lengthAt(0, slot), (float) MiniCache.length(earlier.values(), at, dim));
      to.set(FLOAT, lengthAt(1, slot), (float) MiniCache.length(later.values(), at, dim));
    }
    Arrays.sort(byAngle);
    int[] retained = new int[method.retained()];
    Arrays.setAll(retained, i -> (int) (byAngle[i] & 63));
    Arrays.sort(retained);
    for (int i = 0; i < retained.length; i++) {
      to.set(ValueLayout.JAVA_BYTE, slotAt(i), (byte) retained[i]);
      Half.narrow(earlier.values(), retained[i] * dim, to, rowAt(i, 0), dim);
      Half.narrow(later.values(), retained[i] * dim, to, rowAt(i, 1), dim);
    }
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("minicache", dim, slot);
    int layer = member / pairs;
    MemorySegment from = pair(member, page);
    for (int r = 0; r < out.rows(); r++) {
      float length = from.get(FLOAT, lengthAt(layer, slot + r));
      for (int d = 0; d < dim; d++) {
        out.values()[r * dim + d] = Half.get(from, numberAt(slot + r, d)) * length;
      }
    }
    for (int i = 0; i < method.retained(); i++) {
      int r = from.get(ValueLayout.JAVA_BYTE, slotAt(i)) - slot;
      if (r >= 0 && r < out.rows()) {
        Half.widen(from, rowAt(i, layer), out.values(), r * dim, dim);
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    int layer = member / pairs;
    MemorySegment from = pair(member, page);
    if (keys) {
      ScaledHalves.columns(from, lengthAt(layer, 0), dim, room);
    } else {
      ScaledHalves.rows(from, lengthAt(layer, 0), dim, room);
    }
    for (int i = 0; i < method.retained(); i++) {
      int slot = from.get(ValueLayout.JAVA_BYTE, slotAt(i));
      int first = keys ? slot : slot * dim;
      ScaledHalves.scatter(from, rowAt(i, layer), dim, room, first, keys ? ROWS : 1);
    }
  }

  @Override
  public boolean roundsOnCodes() {
    return true;
  }

  /** Sums of directions, whose lengths go into scores or weights; nothing is rounded. */
  @Override
  public void addRounded(
      int member, float[] x, int count, MemorySegment page, float[] out, GroupSums sums) {
    MemorySegment from = pair(member, page);
    if (keys) {
      scores(member / pairs, x, count, from, out);
    } else {
      accumulate(member / pairs, x, count, from, out);
    }
  }

  private void scores(int layer, float[] queries, int count, MemorySegment from, float[] out) {
    Pages.scores(directions(), queries, count, from, ROWS, out);
    ScaledHalves.scale(from, lengthAt(layer, 0), out, count, out);
    float[] row = room(dim);
    for (int i = 0; i < method.retained(); i++) {
      int slot = from.get(ValueLayout.JAVA_BYTE, slotAt(i));
      Half.widen(from, rowAt(i, layer), row, 0, dim);
      for (int q = 0; q < count; q++) {
        out[q * ROWS + slot] = Floats.dot(queries, q * dim, row, 0, dim);
      }
    }
  }

  private void accumulate(int layer, float[] weights, int count, MemorySegment from, float[] acc) {
    float[] scaled = room(Math.max(count * ROWS, dim));
    ScaledHalves.scale(from, lengthAt(layer, 0), weights, count, scaled);
    for (int i = 0; i < method.retained(); i++) {
      int slot = from.get(ValueLayout.JAVA_BYTE, slotAt(i));
      for (int q = 0; q < count; q++) {
        scaled[q * ROWS + slot] = 0;
      }
    }
    Pages.accumulate(directions(), scaled, count, from, ROWS, acc);
    for (int i = 0; i < method.retained(); i++) {
      int slot = from.get(ValueLayout.JAVA_BYTE, slotAt(i));
      Half.widen(from, rowAt(i, layer), scaled, 0, dim);
      for (int q = 0; q < count; q++) {
        Floats.axpy(weights[q * ROWS + slot], scaled, 0, acc, q * dim, dim);
      }
    }
  }

  private PageLayout directions() {
    return new PageLayout(PageLayout.Code.F16, PageLayout.Side.NONE, dim, dim);
  }

  private static float[] room(int floats) {
    if (ROOM.get().length < floats) {
      ROOM.set(new float[floats]);
    }
    return ROOM.get();
  }

  private long numberAt(int slot, int d) {
    return keys ? 4L * (d / 2 * ROWS + slot) + 2 * (d % 2) : 2L * (slot * dim + d);
  }

  private MemorySegment pair(int member, MemorySegment page) {
    return page.asSlice(member % pairs * pairBytes(), pairBytes());
  }

  private long pairBytes() {
    long bytes = rowAt(method.retained(), 0);
    return (bytes + 63) / 64 * 64;
  }

  private long lengthAt(int layer, int slot) {
    return 2L * ROWS * dim + 4L * (layer * ROWS + slot);
  }

  private long slotAt(int i) {
    return lengthAt(2, 0) + i;
  }

  private long rowAt(int i, int layer) {
    return slotAt(method.retained()) + 2L * dim * (2 * i + layer);
  }
}
