package io.kvasir.kv.codec;

import io.kvasir.kernel.Entries;
import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.Half;
import io.kvasir.kernel.LowRankSums;
import io.kvasir.kernel.PageGroups;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pages of {@link Gear}, which lie as {@link GearLayout} says: how they are made and read. */
final class GearPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;

  private static final ThreadLocal<Room> ROOM =
      ThreadLocal.withInitial(() -> new Room(PageGroups.keys(2, 32, 32), 0));

  private final GearLayout layout;
  private final PageGroups codes;
  private final Gear gear;
  private final int members;
  private final int dim;
  private float[][] prompt = {}; // B of each member, [rank][D]; empty until the prompt is there
  private int promptRows; // of the prompt, still to be encoded

  GearPages(Gear gear, boolean keys, int members, int dim) {
    gear.check(dim);
    this.layout = new GearLayout(gear, keys, members, dim);
    this.codes = layout.codes();
    this.gear = gear;
    this.members = members;
    this.dim = dim;
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
  public boolean unrotated() {
    return false;
  }

  @Override
  public long pageBytes() {
    return layout.pageBytes();
  }

  @Override
  public long scaleBytes() {
    return layout.scaleBytes();
  }

  @Override
  public int group() {
    return ROWS;
  }

  @Override
  public int sealable(int rawRows) {
    return rawRows - rawRows % gear.buffer();
  }

  @Override
  public boolean sealsPromptAtOnce() {
    return true;
  }

  @Override
  public long sideBytes(int rows) {
    return rows == 0 && prompt.length == 0 ? 0 : 4L * members * gear.rank() * dim;
  }

  /** Finds the B of the prompt, from the errors of all its rows. */
  @Override
  public void fit(RowSource rows) {
    if (prompt.length > 0) {
      return;
    }
    float[][] errors = new float[members][rows.rows() * dim];
    for (int at = 0; at < rows.rows(); at += ROWS) {
      RawPage[] page = new RawPage[members];
      for (int m = 0; m < members; m++) {
        page[m] = RawPage.of(ROWS, dim);
        for (int r = 0; r < ROWS; r++) {
          rows.read(m, at + r, page[m].values(), r * dim);
        }
      }
      float[][] of = new GearParts(layout, page).errors();
      for (int m = 0; m < members; m++) {
        System.arraycopy(of[m], 0, errors[m], at * dim, ROWS * dim);
      }
    }
    float[][] found = new float[members][];
    for (int m = 0; m < members; m++) {
      found[m] = gear.axes(errors[m], rows.rows(), dim, gear.rank());
    }
    prompt = found;
    promptRows = rows.rows();
  }

  @Override
  public JointFormat fork() {
    return prompt.length > 0 ? this : new GearPages(gear, layout.keys(), members, dim);
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    RawPage.check(rows, "gear", dim, slot, Gear.LIMIT);
    if (rows[0].rows() != ROWS) {
      throw new IllegalArgumentException(
          "gear: %d rows at slot %d are not a block of %d".formatted(rows[0].rows(), slot, ROWS));
    }
    GearParts parts = new GearParts(layout, rows);
    page.copyFrom(parts.coded());
    boolean later = promptRows <= 0;
    for (int m = 0; m < members; m++) {
      float[] error = parts.errors()[m];
      MemorySegment to = layout.member(m, page);
      int rank = later ? gear.rankLater() : gear.rank();
      float[] axes = later ? gear.axes(error, ROWS, dim, rank) : prompt[m];
      to.set(ValueLayout.JAVA_BYTE, layout.flagAt(), (byte) (later ? 1 : 0));
      if (later) {
        Half.narrow(axes, 0, to, layout.axesAt(), rank * dim);
        Half.widen(to, layout.axesAt(), axes, 0, rank * dim); // what will be read
      }
      for (int r = 0; r < ROWS; r++) {
        for (int k = 0; k < rank; k++) {
          float a = 0;
          for (int d = 0; d < dim; d++) {
            a = Math.fma(error[r * dim + d], axes[k * dim + d], a);
          }
          Half.set(to, layout.coordinateAt(r, k), a);
        }
      }
      parts.writeExtremes(m, withoutExtremes(m, page), page);
    }
    promptRows -= ROWS;
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("gear", dim, slot);
    float[] all = lines(member, page);
    for (int r = 0; r < out.rows(); r++) {
      for (int d = 0; d < dim; d++) {
        out.values()[r * dim + d] = all[layout.place(slot + r, d)];
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    MemorySegment.copy(lines(member, page), 0, room, ValueLayout.JAVA_FLOAT, 0, ROWS * dim);
  }

  @Override
  public boolean roundsOnCodes() {
    return true;
  }

  /** Codes are met as those of {@code kivi}; what they lose is added to the sums. */
  @Override
  public void addRounded(
      int member, float[] x, int count, MemorySegment page, float[] out, GroupSums sums) {
    MemorySegment from = layout.member(member, page);
    int positions = codes.positions();
    int lanes = codes.lanes();
    sums.add(codes, x, count, from, positions, lanes, out);
    error(member, page).add(x, count, out);
    if (layout.keys()) {
      long at = layout.keyExtremesAt();
      Entries.addByPosition(from, at, positions, layout.extremes(), x, count, lanes, out);
    } else {
      int first = layout.valueExtremes(member, page);
      int extremes = layout.valueExtremes(member + 1, page) - first;
      long at = layout.valueExtremesAt() + 4L * first;
      Entries.addPlaces(page, at, extremes, x, positions, count, lanes, out);
    }
  }

  /** The decoded lines of a member, in an array of the calling thread. */
  private float[] lines(int member, MemorySegment page) {
    float[] lines = withoutExtremes(member, page);
    int lanes = codes.lanes();
    if (layout.keys()) {
      MemorySegment from = layout.member(member, page);
      int each = layout.extremes();
      Entries.addByPosition(from, layout.keyExtremesAt(), dim, each, lanes, lines);
    } else {
      int first = layout.valueExtremes(member, page);
      int extremes = layout.valueExtremes(member + 1, page) - first;
      Entries.addPlaces(page, layout.valueExtremesAt() + 4L * first, extremes, lanes, lines);
    }
    return lines;
  }

  private float[] withoutExtremes(int member, MemorySegment page) {
    LowRankSums error = error(member, page);
    float[] lines = ROOM.get().lines;
    codes.numbers(layout.member(member, page), lines);
    error.addPage(lines);
    return lines;
  }

  /** A B of a member, in memory of the calling thread; A is on the right for keys. */
  private LowRankSums error(int member, MemorySegment page) {
    Room room = ROOM.get();
    if (!room.error.holds(codes.positions(), codes.lanes(), layout.ranks())) {
      room = new Room(codes, layout.ranks());
      ROOM.set(room);
    }
    LowRankSums error = room.error;
    MemorySegment from = layout.member(member, page);
    boolean later = from.get(ValueLayout.JAVA_BYTE, layout.flagAt()) == 1;
    error.rank(later ? gear.rankLater() : gear.rank());
    if (layout.keys()) {
      error.right(from, layout.coordinatesAt());
      if (later) {
        error.left(from, layout.axesAt());
      } else {
        error.left(prompt[member]);
      }
    } else {
      error.left(from, layout.coordinatesAt());
      if (later) {
        error.right(from, layout.axesAt());
      } else {
        error.right(prompt[member]);
      }
    }
    return error;
  }

  /** Memory of the calling thread for a member of a page. */
  private static final class Room {
    private final LowRankSums error;
    private final float[] lines;

    Room(PageGroups codes, int ranks) {
      error = new LowRankSums(codes.positions(), codes.lanes(), ranks);
      lines = new float[FloatTile.padded(codes.positions()) * codes.lanes()];
    }
  }
}
