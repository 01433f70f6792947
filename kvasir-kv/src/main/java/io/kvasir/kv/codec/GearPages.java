package io.kvasir.kv.codec;

import io.kvasir.kernel.CodeRuns;
import io.kvasir.kernel.Entries;
import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.Half;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pages of {@link Gear}, which lie as {@link GearLayout} says: how they are made and read. */
final class GearPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(() -> new Room(0, 0));

  private final GearLayout layout;
  private final Gear gear;
  private final int members;
  private final int dim;
  private float[][] prompt = {}; // B of each member, [rank][D]; empty until the prompt is there
  private int promptRows; // of the prompt, still to be encoded

  GearPages(Gear gear, boolean keys, int members, int dim) {
    gear.check(dim);
    this.layout = new GearLayout(gear, keys, members, dim);
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
    RawPage.check(rows, "gear", dim, slot, 65504);
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

  /** The decoded lines of a member, in an array of the calling thread. */
  private float[] lines(int member, MemorySegment page) {
    Room room = room();
    MemorySegment from = layout.member(member, page);
    codes(from, room.lines);
    addError(member, from, room);
    if (layout.keys()) {
      Entries.putBytePlaces(
          from, layout.extremesAt(), dim, layout.extremes(), room.lines, layout.width());
    } else {
      Entries.putShortPlaces(
          page, layout.extremesAt(), ROWS, layout.extremes(), member * dim, room.lines, dim);
    }
    return room.lines;
  }

  private void codes(MemorySegment from, float[] all) {
    int runs = layout.lines() * layout.groups();
    long at = layout.codeAt(0, 0);
    CodeRuns.lines(from, at, gear.bits(), gear.group(), runs, layout.scaleAt(0, 0), all);
  }

  /** Adds A B: of keys [D][rank] times [rank][64], of values [64][rank] times [rank][D]. */
  private void addError(int member, MemorySegment from, Room room) {
    boolean later = from.get(ValueLayout.JAVA_BYTE, layout.flagAt()) == 1;
    int rank = later ? gear.rankLater() : gear.rank();
    float[] axes = later ? room.axes : prompt[member];
    if (later) {
      Half.widen(from, layout.axesAt(), axes, 0, rank * dim);
    }
    Half.widen(from, layout.coordinatesAt(), room.coordinates, 0, ROWS * layout.ranks());
    float[] left = room.coordinates;
    float[] right = axes;
    if (layout.keys()) {
      left = room.turned;
      right = room.coordinates;
      for (int d = 0; d < dim; d++) {
        for (int k = 0; k < rank; k++) {
          left[d * layout.ranks() + k] = axes[k * dim + d];
        }
      }
    }
    int width = layout.width();
    MemorySegment.copy(right, 0, room.right, ValueLayout.JAVA_FLOAT, 0, rank * width);
    int rows = FloatTile.padded(layout.lines());
    FloatTile.multiplyAdd(left, layout.ranks(), rows, rank, room.right, room.lines, width);
  }

  private Room room() {
    Room room = ROOM.get();
    if (!room.holds(dim, layout.ranks())) {
      room = new Room(dim, layout.ranks());
      ROOM.set(room);
    }
    return room;
  }

  /** Memory of the calling thread for a member of a page. */
  private static final class Room {
    private final int dim;
    private final int ranks;
    private final float[] lines;
    private final float[] axes; // B of a later block, [rank][D]
    private final float[] coordinates; // A
    private final float[] turned; // B the other way around, [D][ranks]
    private final MemorySegment right; // the right factor of A B as f32

    Room(int dim, int ranks) {
      this.dim = dim;
      this.ranks = ranks;
      int most = FloatTile.padded(Math.max(dim, ROWS));
      this.lines = new float[most * Math.max(dim, ROWS)];
      this.axes = new float[ranks * dim];
      this.coordinates = new float[most * ranks];
      this.turned = new float[most * ranks];
      this.right = Arena.ofAuto().allocate(4L * ranks * most, 64);
    }

    boolean holds(int wantedDim, int wantedRanks) {
      return dim == wantedDim && ranks == wantedRanks;
    }
  }
}
