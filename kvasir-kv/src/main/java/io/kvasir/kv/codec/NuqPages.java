package io.kvasir.kv.codec;

import io.kvasir.kernel.CodePlanes;
import io.kvasir.kernel.CodePlanesRef;
import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pages of {@link KvQuant}. A slot's row is the G D numbers of its heads. Layout, version 1,
 * little-endian, b bits, n outliers at either end:
 *
 * <pre>
 *   8 G D b      codes: of keys [channel][slot], of values [slot][channel]   {@link CodePlanesRef}
 *   512 n        [slot][2 n]: place of an outlier u16, what its code leaves of it f16; 0 where the
 *                code is all
 *   values: 256  [slot]: mid f16, half f16
 *   the first page: {@link FirstRows}
 * </pre>
 */
final class NuqPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final float LIMIT = 65504 / 4f; // what a code leaves of a number is an f16 as well
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final KvQuant method;
  private final boolean keys;
  private final int members;
  private final int dim;
  private final int width;
  private final int ends; // n
  private final FirstRows first;
  private final Supplier<Learned> finder;
  private Optional<Learned> learned = Optional.empty();

  /**
   * What was learned of a layer.
   *
   * @param mid of each channel of keys, [members*D]; of values empty
   * @param half likewise
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Learned(float[] mid, float[] half, Codebook codebook) {}

  NuqPages(KvQuant method, boolean keys, int members, int dim, Supplier<Learned> finder) {
    BlockCoder.checkDim("kvquant", dim, CodePlanesRef.BLOCK);
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
    return rangeAt(keys ? 0 : ROWS);
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
    return nothing ? 0 : 4L * ((keys ? 2 * width : 0) + 2 * (1 << method.bits()));
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
    Half.set(page, rangeAt(slot), (low + high) / 2);
    Half.set(page, rangeAt(slot) + 2, (high - low) / 2);
    float mid = Half.get(page, rangeAt(slot)); // as will be read
    float half = Math.max(Half.get(page, rangeAt(slot) + 2), Float.MIN_NORMAL);
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
    CodePlanesRef.put(page, lineAt(keys ? i : slot), method.bits(), keys ? slot : i, code);
  }

  private int code(MemorySegment page, int slot, int i) {
    return CodePlanesRef.code(page, lineAt(keys ? i : slot), method.bits(), keys ? slot : i);
  }

  /** What the code of a number is read as. */
  private float coded(MemorySegment page, int slot, int i) {
    float mid = keys ? learned().mid[i] : Half.get(page, rangeAt(slot));
    float half = keys ? learned().half[i] : Half.get(page, rangeAt(slot) + 2);
    return Math.fma(learned().codebook.levels()[code(page, slot, i)], half, mid);
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
        int d = channel(member, page, slot + r, e);
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
    Learned of = learned();
    float[] table = new float[1 << method.bits()];
    int lines = keys ? dim : ROWS;
    int length = keys ? ROWS : dim;
    long in = keys ? 0 : CodePlanesRef.bytes(member * dim, method.bits());
    for (int line = 0; line < lines; line++) {
      int i = keys ? member * dim + line : line;
      float mid = keys ? of.mid[i] : Half.get(page, rangeAt(line));
      float half = keys ? of.half[i] : Half.get(page, rangeAt(line) + 2);
      for (int c = 0; c < table.length; c++) {
        table[c] = Math.fma(of.codebook.levels()[c], half, mid);
      }
      CodePlanes.lookUp(
          page, lineAt(i) + in, method.bits(), length, table, room, 4L * line * length);
    }
    for (int slot = 0; slot < ROWS; slot++) {
      for (int e = 0; e < 2 * ends; e++) {
        int d = channel(member, page, slot, e);
        if (d >= 0 && d < dim) {
          float coded = room.getAtIndex(ValueLayout.JAVA_FLOAT, place(slot, d));
          float rest = Half.get(page, outlierAt(slot, e) + 2);
          room.setAtIndex(ValueLayout.JAVA_FLOAT, place(slot, d), coded + rest);
        }
      }
    }
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
      MemorySegment.copy(from, rangeAt(slot), to, rangeAt(target), 4);
    }
    first.move(from, slot, to, target);
  }

  /** Where a number stands among the floats of a member. */
  private int place(int slot, int channel) {
    return keys ? channel * ROWS + slot : slot * dim + channel;
  }

  /** The channel of an outlier within a member, if it is one of the member's. */
  private int channel(int member, MemorySegment page, int slot, int e) {
    return Short.toUnsignedInt(page.get(SHORT, outlierAt(slot, e))) - member * dim;
  }

  private long lineAt(int line) {
    return CodePlanesRef.bytes(line * (keys ? ROWS : width), method.bits());
  }

  private long outlierAt(int slot, int e) {
    return CodePlanesRef.bytes(ROWS * width, method.bits()) + 4L * (2 * ends * slot + e);
  }

  private long rangeAt(int slot) {
    return outlierAt(ROWS, 0) + 4L * slot;
  }
}
