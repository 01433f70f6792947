package io.kvasir.kv.codec;

import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Pages of {@link RotateKv}. A slot's numbers, turned and sorted, are one line of G x D; groups do
 * not cross heads on the side of values. Layout, version 1, little-endian, b bits:
 *
 * <pre>
 *   4 a group          [slot][group]: scale f16, zero i16
 *   G D b / 8 a slot   [slot]: codes, the first in the lowest bits
 *   the first page     {@link FirstRows}
 * </pre>
 */
final class RotatedPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Decoded numbers of the calling thread. */
  private static final ThreadLocal<float[]> SPACE = ThreadLocal.withInitial(() -> new float[0]);

  private final RotateKv method;
  private final boolean keys;
  private final int members;
  private final int dim;
  private final int turned; // numbers that one transform turns
  private final int group;
  private final FirstRows first;
  private final Supplier<int[]> finder;
  private Optional<int[]> order = Optional.empty(); // channel at each sorted place

  private RotatedPages(
      RotateKv method,
      boolean keys,
      int members,
      int dim,
      int turned,
      int group,
      Supplier<int[]> finder) {
    this.method = method;
    this.keys = keys;
    this.members = members;
    this.dim = dim;
    this.turned = turned;
    this.group = group;
    this.first = new FirstRows(method.sinks(), members * dim, pageBytes());
    this.finder = finder;
  }

  static RotatedPages keys(
      RotateKv method, int members, int dim, int together, Supplier<int[]> order) {
    int group = Math.min(method.group(), members * dim);
    return new RotatedPages(method, true, members, dim, together * dim, group, order);
  }

  static RotatedPages values(RotateKv method, int members, int dim) {
    int group = Math.min(method.group(), dim);
    return new RotatedPages(
        method, false, members, dim, dim, group, () -> IntStream.range(0, members * dim).toArray());
  }

  @Override
  public int members() {
    return members;
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public long pageBytes() {
    return codeAt(ROWS);
  }

  @Override
  public long firstPageBytes() {
    return first.pageBytes();
  }

  @Override
  public long scaleBytes() {
    return 4L * ROWS * groups();
  }

  @Override
  public boolean unrotated() {
    return keys;
  }

  @Override
  public long sideBytes(int rows) {
    boolean nothing = rows == 0 && order.isEmpty();
    return nothing ? 0 : 4L * width();
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    for (RawPage each : rows) {
      each.checkPlace("rotatekv", dim, slot);
      each.checkMagnitude("rotatekv", 65504f / dim);
    }
    float[] line = new float[width()];
    for (int r = 0; r < rows[0].rows(); r++) {
      for (int m = 0; m < members; m++) {
        System.arraycopy(rows[m].values(), r * dim, line, m * dim, dim);
      }
      first.keep(page, slot + r, line);
      encode(line, page, slot + r);
    }
  }

  private void encode(float[] line, MemorySegment page, int slot) {
    for (int at = 0; at < line.length; at += turned) {
      Hadamard.turn(line, at, turned, 1);
    }
    int[] order = order();
    float[] sorted = new float[line.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = line[order[i]];
    }
    int[] codes = new int[group];
    page.asSlice(codeAt(slot), codeAt(slot + 1) - codeAt(slot)).fill((byte) 0);
    for (int g = 0; g < groups(); g++) {
      int n = Math.min(group, sorted.length - g * group);
      int side = method.code(sorted, g * group, n, codes);
      page.set(SHORT, scaleAt(slot, g), (short) side);
      page.set(SHORT, scaleAt(slot, g) + 2, (short) (side >>> 16));
      for (int i = 0; i < n; i++) {
        put(page, slot, g * group + i, codes[i]);
      }
    }
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("rotatekv", dim, slot);
    int from = member * dim / turned * turned;
    float[] columns = columns(member, page, slot, out.rows());
    Hadamard.turn(columns, 0, turned, ROWS);
    for (int r = 0; r < out.rows(); r++) {
      for (int d = 0; d < dim; d++) {
        out.values()[r * dim + d] = columns[(member * dim - from + d) * ROWS + slot + r];
      }
      if (first.holds(page, slot + r)) {
        first.read(page, slot + r, member * dim, dim, out.values(), r * dim);
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    float[] columns = columns(member, page, 0, ROWS);
    int from = member * dim / turned * turned;
    float[] row = new float[dim];
    if (keys) {
      Hadamard.turn(columns, 0, turned, ROWS);
      int at = (member * dim - from) * ROWS;
      MemorySegment.copy(columns, at, room, ValueLayout.JAVA_FLOAT, 0, dim * ROWS);
      for (int slot = 0; slot < method.sinks(); slot++) {
        if (first.holds(page, slot)) {
          first.read(page, slot, member * dim, dim, row, 0);
          for (int d = 0; d < dim; d++) {
            room.setAtIndex(ValueLayout.JAVA_FLOAT, (long) d * ROWS + slot, row[d]);
          }
        }
      }
      return;
    }
    for (int slot = 0; slot < ROWS; slot++) {
      if (first.holds(page, slot)) { // turned, as the others are, for the sum is turned back
        first.read(page, slot, member * dim, dim, row, 0);
        Hadamard.turn(row, 0, dim, 1);
      } else {
        for (int d = 0; d < dim; d++) {
          row[d] = columns[d * ROWS + slot];
        }
      }
      MemorySegment.copy(row, 0, room, ValueLayout.JAVA_FLOAT, 4L * slot * dim, dim);
    }
  }

  @Override
  public boolean movable() {
    return true;
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    MemorySegment.copy(from, scaleAt(slot, 0), to, scaleAt(target, 0), 4L * groups());
    long bytes = codeAt(1) - codeAt(0);
    MemorySegment.copy(from, codeAt(slot), to, codeAt(target), bytes);
    first.move(from, slot, to, target);
  }

  /** Sums of values are turned back once. */
  @Override
  public void finishOutput(int member, float[] acc, int at, float[] out, int outAt) {
    System.arraycopy(acc, at, out, outAt, dim);
    Hadamard.turn(out, outAt, dim, 1);
  }

  @Override
  public boolean sumsAreRows() {
    return keys;
  }

  /**
   * The numbers that one transform turns, as they were before it was undone, [turned][64]: those
   * that hold the channels of a member.
   */
  private float[] columns(int member, MemorySegment page, int slot, int count) {
    float[] space = SPACE.get();
    if (space.length < turned * ROWS) {
      space = new float[turned * ROWS];
      SPACE.set(space);
    }
    int[] order = order();
    int from = member * dim / turned * turned;
    int mask = (1 << method.bits()) - 1;
    for (int i = 0; i < order.length; i++) {
      int row = order[i] - from;
      if (row >= 0 && row < turned) {
        int g = i / group;
        int bit = i * method.bits();
        for (int s = slot; s < slot + count; s++) {
          float scale = Half.get(page, scaleAt(s, g));
          int zero = page.get(SHORT, scaleAt(s, g) + 2);
          int code = word(page, s, bit) >>> bit % 8 & mask;
          space[row * ROWS + s] = scale * (code - zero);
        }
      }
    }
    return space;
  }

  /** The byte that holds a bit of a slot's codes, and where there is one, the next above it. */
  private int word(MemorySegment page, int slot, int bit) {
    long at = codeAt(slot) + bit / 8;
    int low = page.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    boolean more = bit % 8 + method.bits() > 8;
    return more ? low | (page.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff) << 8 : low;
  }

  private void put(MemorySegment page, int slot, int i, int code) {
    int bit = i * method.bits();
    long at = codeAt(slot) + bit / 8;
    int bits = word(page, slot, bit) | code << bit % 8;
    page.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
    if (bit % 8 + method.bits() > 8) {
      page.set(ValueLayout.JAVA_BYTE, at + 1, (byte) (bits >>> 8));
    }
  }

  /** Looks the order up, which is the same for every sequence. */
  private int[] order() {
    if (order.isEmpty()) {
      order = Optional.of(finder.get());
    }
    return order.orElseThrow();
  }

  private int width() {
    return members * dim;
  }

  private int groups() {
    return Math.ceilDiv(width(), group);
  }

  private long scaleAt(int slot, int g) {
    return 4L * (slot * groups() + g);
  }

  private long codeAt(int slot) {
    return 4L * ROWS * groups() + (long) slot * width() * method.bits() / 8;
  }
}
