package io.kvasir.kv.codec;

import io.kvasir.kernel.CodeRuns;
import io.kvasir.kernel.CodeRunsRef;
import io.kvasir.kernel.HadamardColumns;
import io.kvasir.kernel.Half;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Pages of {@link RotateKv}. A slot has G x D numbers, turned and sorted; groups do not cross heads
 * on the side of values. A run of keys is a sorted place over the 64 slots, a run of values a slot
 * over its numbers. Layout, version 2, little-endian, b bits, n numbers of a run:
 *
 * <pre>
 *   n b / 8      a run: codes, the first in the lowest bits
 *   256          a group: scale f16[64], zero i16[64], of each slot
 *   the first page: {@link FirstRows}
 * </pre>
 */
final class RotatedPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Codes as the levels that they are, 2 to 4 bits of them. */
  private static final float[][] STEPS = {{}, {}, steps(4), steps(8), steps(16)};

  /** Memory of the calling thread for decoding. */
  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(() -> new Room(0, 0));

  private final RotateKv method;
  private final boolean keys;
  private final int members;
  private final int dim;
  private final int turned; // numbers that one transform turns
  private final int group;
  private final FirstRows first;
  private final Supplier<int[]> finder;
  private Optional<int[]> order = Optional.empty(); // channel at each sorted place
  private int[] places = {}; // sorted place of each channel

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
    return sideAt(groups());
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
    return nothing ? 0 : 8L * width();
  }

  /** Looks the order up, which is the same for every sequence. */
  @Override
  public void fit(RowSource rows) {
    if (order.isEmpty()) {
      int[] found = finder.get();
      places = new int[found.length];
      for (int i = 0; i < found.length; i++) {
        places[found[i]] = i;
      }
      order = Optional.of(found);
    }
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    RawPage.check(rows, "rotatekv", dim, slot, 65504f / dim);
    float[] line = new float[width()];
    for (int r = 0; r < rows[0].rows(); r++) {
      RawPage.join(rows, r, line);
      first.keep(page, slot + r, line);
      encode(line, page, slot + r);
    }
  }

  private void encode(float[] line, MemorySegment page, int slot) {
    for (int at = 0; at < line.length; at += turned) {
      Hadamard.turn(line, at, turned);
    }
    int[] order = order();
    float[] sorted = new float[line.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = line[order[i]];
    }
    int[] codes = new int[group];
    for (int g = 0; g < groups(); g++) {
      int n = Math.min(group, sorted.length - g * group);
      int side = method.code(sorted, g * group, n, codes);
      page.set(SHORT, sideAt(g) + 2L * slot, (short) side);
      page.set(SHORT, sideAt(g) + 2L * (ROWS + slot), (short) (side >>> 16));
      for (int i = 0; i < n; i++) {
        put(page, slot, g * group + i, codes[i]);
      }
    }
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("rotatekv", dim, slot);
    MemorySegment all = room().numbers;
    numbers(member, page, all);
    float[] to = out.values();
    for (int r = 0; r < out.rows(); r++) {
      if (first.holds(page, slot + r)) {
        first.read(page, slot + r, member * dim, dim, to, r * dim);
        continue;
      }
      for (int d = 0; d < dim; d++) {
        to[r * dim + d] = all.getAtIndex(ValueLayout.JAVA_FLOAT, place(slot + r, d));
      }
      if (!keys) {
        Hadamard.turn(to, r * dim, dim);
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    numbers(member, page, room);
    for (int slot = 0; slot < method.sinks(); slot++) {
      if (first.holds(page, slot)) {
        float[] row = new float[dim];
        first.read(page, slot, member * dim, dim, row, 0);
        if (!keys) {
          Hadamard.turn(row, 0, dim); // as the others are, for the sum is turned back
        }
        for (int d = 0; d < dim; d++) {
          room.setAtIndex(ValueLayout.JAVA_FLOAT, place(slot, d), row[d]);
        }
      }
    }
  }

  @Override
  public int roomFloats() {
    return ROWS * turned;
  }

  @Override
  public boolean movable() {
    return true;
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    for (int i = 0; i < width(); i++) {
      put(to, target, i, code(from, slot, i));
    }
    for (int g = 0; g < groups(); g++) {
      for (int side = 0; side <= ROWS; side += ROWS) { // scale, and zero
        long at = sideAt(g) + 2L * side;
        to.set(SHORT, at + 2L * target, from.get(SHORT, at + 2L * slot));
      }
    }
    first.move(from, slot, to, target);
  }

  /** Sums of values are turned back once. */
  @Override
  public void finishOutput(int member, float[] acc, int at, float[] out, int outAt) {
    System.arraycopy(acc, at, out, outAt, dim);
    Hadamard.turn(out, outAt, dim);
  }

  @Override
  public boolean sumsAreRows() {
    return keys;
  }

  private static float[] steps(int count) {
    float[] steps = new float[count];
    for (int i = 0; i < count; i++) {
      steps[i] = i;
    }
    return CodeRuns.repeated(steps);
  }

  /** What the codes of a member stand for: keys turned back, [D][64], values turned, [64][D]. */
  private void numbers(int member, MemorySegment page, MemorySegment to) {
    if (keys) {
      columns(member, page, to);
    } else {
      rows(member, page, to);
    }
  }

  /** Where a number stands among those of a member. */
  private int place(int slot, int channel) {
    return keys ? channel * ROWS + slot : slot * dim + channel;
  }

  /**
   * All keys that one transform turns with those of a member, turned back; its own to the front.
   */
  private void columns(int member, MemorySegment page, MemorySegment to) {
    Room room = room();
    for (int g = 0; g < groups(); g++) {
      room.read(page, sideAt(g), g * ROWS, (float) (1 / Math.sqrt(turned)));
    }
    int own = member * dim % turned;
    CodeRuns.columns(
        page,
        codeAt(0, 0),
        method.bits(),
        places,
        member * dim - own,
        turned,
        group,
        room.scales,
        room.offsets,
        to);
    HadamardColumns.turn(to, turned, ROWS);
    if (own > 0) {
      MemorySegment.copy(to, 4L * own * ROWS, to, 0, 4L * dim * ROWS);
    }
  }

  private void rows(int member, MemorySegment page, MemorySegment to) {
    Room room = room();
    long stride = codeAt(1, 0) - codeAt(0, 0);
    for (int i = 0; i < dim; i += group) {
      room.read(page, sideAt((member * dim + i) / group), 0, 1);
      CodeRuns.levels(
          page,
          codeAt(0, member * dim + i),
          stride,
          method.bits(),
          group,
          ROWS,
          STEPS[method.bits()],
          room.offsets,
          room.scales,
          0,
          to,
          i,
          dim);
    }
  }

  private Room room() {
    Room room = ROOM.get();
    if (room.numbers.byteSize() < 4L * roomFloats() || room.scales.length < groups() * ROWS) {
      room = new Room(roomFloats(), groups() * ROWS);
      ROOM.set(room);
    }
    return room;
  }

  private int code(MemorySegment page, int slot, int i) {
    return CodeRunsRef.code(page, codeAt(keys ? i : slot, 0), method.bits(), keys ? slot : i);
  }

  private void put(MemorySegment page, int slot, int i, int code) {
    CodeRunsRef.put(page, codeAt(keys ? i : slot, 0), method.bits(), keys ? slot : i, code);
  }

  private int[] order() {
    return order.orElseThrow(() -> new IllegalStateException("rotatekv has coded nothing yet"));
  }

  private int width() {
    return members * dim;
  }

  private int groups() {
    return Math.ceilDiv(width(), group);
  }

  /** Byte with code {@code i} of a run; i is a multiple of 8. */
  private long codeAt(int run, int i) {
    int numbers = keys ? ROWS : width();
    return CodeRunsRef.bytes(run * numbers + i, method.bits());
  }

  /** Where the scales of a group stand, and 64 numbers later its zeros. */
  private long sideAt(int g) {
    return codeAt(keys ? width() : ROWS, 0) + 4L * ROWS * g;
  }

  /** Memory for decoding. */
  private static final class Room {
    private final MemorySegment numbers; // f32
    private final float[] scales; // [group][64]
    private final float[] offsets; // [group][64]

    Room(int numbers, int sides) {
      this.numbers = Arena.ofAuto().allocate(4L * numbers, 64);
      this.scales = new float[sides];
      this.offsets = new float[sides];
    }

    /** Reads scales and zeros of a group: {@code size scale (code - zero)} is what a code means. */
    void read(MemorySegment page, long at, int to, float size) {
      Half.widen(page, at, scales, to, ROWS);
      CodeRuns.wholes(page, at + 2L * ROWS, ROWS, offsets, to);
      for (int i = to; i < to + ROWS; i++) {
        scales[i] *= size;
        offsets[i] *= -scales[i];
      }
    }
  }
}
