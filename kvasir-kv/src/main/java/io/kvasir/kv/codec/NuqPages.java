package io.kvasir.kv.codec;

import io.kvasir.kernel.CodeRuns;
import io.kvasir.kernel.CodeRunsRef;
import io.kvasir.kernel.Entries;
import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pages of {@link KvQuant}. A slot's row is the G D numbers of its heads. A run is of keys a
 * channel over the 64 slots, of values a slot over its channels. Layout, version 2, little-endian,
 * b bits, n outliers at either end:
 *
 * <pre>
 *   8 G D b      runs: codes, the first in the lowest bits
 *   512 n        [slot][2 n]: channel of an outlier u16, what its code leaves of it f16; 0 where
 *                the code is all
 *   values: 256  mid f16[64], half f16[64], of each slot
 *   keys without outliers: {@link CodeRuns#BEHIND} bytes of nothing
 *   the first page: {@link FirstRows}
 * </pre>
 */
final class NuqPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final float LIMIT = 65504 / 4f; // what a code leaves of a number is an f16 as well
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Memory of the calling thread for the ranges of a page of values. */
  private static final ThreadLocal<Ranges> RANGES =
      ThreadLocal.withInitial(() -> new Ranges(new float[ROWS], new float[ROWS]));

  private final KvQuant method;
  private final boolean keys;
  private final int members;
  private final int dim;
  private final int width;
  private final int ends; // n
  private final FirstRows first;
  private final Supplier<Learned> finder;
  private Optional<Learned> learned = Optional.empty();

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Ranges(float[] mid, float[] half) {}

  /**
   * What was learned of a layer.
   *
   * @param mid of each channel of keys, [members*D]; of values empty
   * @param half likewise
   * @param repeated levels of the codebook, as {@link CodeRuns#repeated} has them
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Learned(float[] mid, float[] half, Codebook codebook, float[] repeated) {
    Learned(float[] mid, float[] half, Codebook codebook) {
      this(mid, half, codebook, CodeRuns.repeated(codebook.levels()));
    }
  }

  NuqPages(KvQuant method, boolean keys, int members, int dim, Supplier<Learned> finder) {
    BlockCoder.checkDim("kvquant", dim, 16);
    this.method = method;
    this.keys = keys;
    this.members = members;
    this.dim = dim;
    this.width = members * dim;
    this.ends = method.atEitherEnd(width);
    this.first = new FirstRows(method.sinks(), width, pageBytes());
    this.finder = finder;
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
    long end = midAt(keys ? 0 : 2 * ROWS);
    return Math.max(end, outlierAt(0, 0) + CodeRuns.BEHIND);
  }

  @Override
  public long firstPageBytes() {
    return first.pageBytes();
  }

  @Override
  public long scaleBytes() {
    return keys ? 0 : 4L * ROWS;
  }

  @Override
  public boolean unrotated() {
    return keys;
  }

  /** The ranges of keys and the codebook. */
  @Override
  public long sideBytes(int rows) {
    boolean nothing = rows == 0 && learned.isEmpty();
    int codebook = 3 * (1 << method.bits()) - 1 + CodeRuns.LEVELS; // with bounds, and repeated
    return nothing ? 0 : 4L * ((keys ? 2 * width : 0) + codebook);
  }

  /** Looks up what was learned, which is the same for every sequence. */
  private Learned learned() {
    if (learned.isEmpty()) {
      learned = Optional.of(finder.get());
    }
    return learned.orElseThrow();
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    RawPage.check(rows, "kvquant", dim, slot, LIMIT);
    float[] row = new float[width];
    for (int r = 0; r < rows[0].rows(); r++) {
      RawPage.join(rows, r, row);
      first.keep(page, slot + r, row);
      if (keys) {
        encodeKey(row, page, slot + r);
      } else {
        encodeValue(row, page, slot + r);
      }
    }
  }

  /** Numbers beyond the range of their channel get its end, and those that stand apart the rest. */
  private void encodeKey(float[] row, MemorySegment page, int slot) {
    Learned of = learned();
    float[] scaled = new float[width];
    for (int i = 0; i < width; i++) {
      scaled[i] = (row[i] - of.mid[i]) / of.half[i];
      put(page, slot, i, of.codebook.nearest(scaled[i]));
    }
    int[] places = Extremes.places(scaled, width, ends);
    for (int e = 0; e < places.length; e++) {
      int i = places[e];
      boolean apart = Math.abs(scaled[i]) > 1;
      putOutlier(page, slot, e, i, apart ? row[i] - coded(page, slot, i) : 0);
    }
  }

  /** The extremes make no range: they get the code of the middle, and stand apart. */
  private void encodeValue(float[] row, MemorySegment page, int slot) {
    int[] places = Extremes.places(row, width, ends);
    boolean[] apart = new boolean[width];
    for (int i : places) {
      apart[i] = true;
    }
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < width; i++) {
      low = apart[i] ? low : Math.min(low, row[i]);
      high = apart[i] ? high : Math.max(high, row[i]);
    }
    Half.set(page, midAt(slot), (low + high) / 2);
    Half.set(page, halfAt(slot), (high - low) / 2);
    float mid = Half.get(page, midAt(slot)); // as will be read
    float half = Math.max(Half.get(page, halfAt(slot)), Float.MIN_NORMAL);
    int middle = (1 << method.bits()) / 2 - 1;
    for (int i = 0; i < width; i++) {
      int code = learned().codebook.nearest((row[i] - mid) / half);
      put(page, slot, i, apart[i] ? middle : code);
    }
    for (int e = 0; e < places.length; e++) {
      putOutlier(page, slot, e, places[e], row[places[e]] - coded(page, slot, places[e]));
    }
  }

  private void putOutlier(MemorySegment page, int slot, int e, int place, float rest) {
    page.set(SHORT, outlierAt(slot, e), (short) place);
    Half.set(page, outlierAt(slot, e) + 2, Math.clamp(rest, -65504, 65504));
  }

  private void put(MemorySegment page, int slot, int i, int code) {
    CodeRunsRef.put(page, runAt(keys ? i : slot), method.bits(), keys ? slot : i, code);
  }

  private int code(MemorySegment page, int slot, int i) {
    return CodeRunsRef.code(page, runAt(keys ? i : slot), method.bits(), keys ? slot : i);
  }

  /** What the code of a number is read as. */
  private float coded(MemorySegment page, int slot, int i) {
    float mid = keys ? learned().mid[i] : Half.get(page, midAt(slot));
    float half = keys ? learned().half[i] : Half.get(page, halfAt(slot));
    return CodeRunsRef.level(code(page, slot, i), learned().codebook.levels(), mid, half);
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("kvquant", dim, slot);
    for (int r = 0; r < out.rows(); r++) {
      float[] to = out.values();
      for (int d = 0; d < dim; d++) {
        to[r * dim + d] = coded(page, slot + r, member * dim + d);
      }
      for (int e = 0; e < 2 * ends; e++) {
        int place = Short.toUnsignedInt(page.get(SHORT, outlierAt(slot + r, e)));
        int d = place - member * dim;
        if (d >= 0 && d < dim) {
          to[r * dim + d] += Half.get(page, outlierAt(slot + r, e) + 2);
        }
      }
      if (first.holds(page, slot + r)) {
        first.read(page, slot + r, member * dim, dim, to, r * dim);
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    int bits = method.bits();
    int from = member * dim;
    long run = runAt(1) - runAt(0);
    if (keys) {
      Learned of = learned();
      CodeRuns.levels(
          page,
          runAt(from),
          run,
          bits,
          ROWS,
          dim,
          of.repeated,
          of.mid,
          of.half,
          from,
          room,
          0,
          ROWS);
    } else {
      long part = CodeRunsRef.bytes(from, bits);
      Ranges of = RANGES.get();
      Half.widen(page, midAt(0), of.mid, 0, ROWS);
      Half.widen(page, halfAt(0), of.half, 0, ROWS);
      CodeRuns.levels(
          page, part, run, bits, dim, ROWS, learned().repeated, of.mid, of.half, 0, room, 0, dim);
    }
    Entries.addLanes(
        page, outlierAt(0, 0), ROWS, 2 * ends, from, dim, place(1, 0), place(0, 1), room);
    for (int slot = 0; slot < method.sinks(); slot++) {
      if (first.holds(page, slot)) {
        float[] row = new float[dim];
        first.read(page, slot, member * dim, dim, row, 0);
        for (int d = 0; d < dim; d++) {
          room.setAtIndex(ValueLayout.JAVA_FLOAT, place(slot, d), row[d]);
        }
      }
    }
  }

  @Override
  public boolean movable() {
    return true;
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    for (int i = 0; i < width; i++) {
      put(to, target, i, code(from, slot, i));
    }
    MemorySegment.copy(from, outlierAt(slot, 0), to, outlierAt(target, 0), 8L * ends);
    if (!keys) {
      to.set(SHORT, midAt(target), from.get(SHORT, midAt(slot)));
      to.set(SHORT, halfAt(target), from.get(SHORT, halfAt(slot)));
    }
    first.move(from, slot, to, target);
  }

  /** Where a number stands among the floats of a member. */
  private int place(int slot, int channel) {
    return keys ? channel * ROWS + slot : slot * dim + channel;
  }

  private long runAt(int run) {
    return CodeRunsRef.bytes(run * (keys ? ROWS : width), method.bits());
  }

  private long outlierAt(int slot, int e) {
    return runAt(keys ? width : ROWS) + 4L * (2 * ends * slot + e);
  }

  private long midAt(int slot) {
    return outlierAt(ROWS, 0) + 2L * slot;
  }

  private long halfAt(int slot) {
    return midAt(ROWS + slot);
  }
}
