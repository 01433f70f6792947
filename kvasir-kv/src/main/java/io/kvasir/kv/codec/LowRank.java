package io.kvasir.kv.codec;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.Half;
import io.kvasir.kernel.PageFloats;
import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvPlanException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Rows of several heads as their coordinates in one {@link Basis}: {@code a = B (x - mean)} is
 * stored, {@code x = mean + B^T a} is read. Keys are stored before rotation, decoded a page at a
 * time, and turned. Values are never decoded: attention sums coordinates, and the sum is projected
 * up once a query.
 *
 * <p>Page layout, version 1, f16, little-endian, rank r:
 *
 * <pre>
 *   keys     a[r][slot]
 *   values   a[slot][r]
 * </pre>
 */
final class LowRank implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;

  /** The number that is 1 in every row of values, where the mean has to be added to their sum. */
  private static final int ONE = 16;

  /** A decoded page of keys of the calling thread. */
  private static final ThreadLocal<float[]> TILE = ThreadLocal.withInitial(() -> new float[0]);

  /** Whose rows these are. */
  enum Side {
    KEYS,
    VALUES;

    /** In the names of calibrated arrays. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** When rows are encoded. */
  @FunctionalInterface
  interface Sealing {
    /**
     * As {@link JointFormat#sealable}.
     *
     * @param fitted whether the basis is known
     */
    int sealable(int rawRows, boolean fitted);
  }

  private final String name;
  private final Side side;
  private final int members;
  private final int dim;
  private final int rank;
  private final boolean centred;
  private final Function<RowSource, Basis> finder;
  private final boolean promptAtOnce;
  private final Sealing sealing;
  private Optional<Up> up = Optional.empty();

  /** A basis, and for each member its part of it turned for reading: [D, padded][rank]. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Up(Basis basis, float[][] parts) {}

  /**
   * A format.
   *
   * @param name the codec, for errors
   * @param rank r, a multiple of 16, below members x D
   * @param centred whether the basis has a mean
   * @param finder makes the basis, when the first rows are to be encoded
   * @param promptAtOnce whether it needs the whole prompt for that
   * @param sealing when rows are encoded
   */
  LowRank(
      String name,
      Side side,
      int members,
      int dim,
      int rank,
      boolean centred,
      Function<RowSource, Basis> finder,
      boolean promptAtOnce,
      Sealing sealing) {
    if (rank % 16 != 0 || rank < 16 || rank >= members * dim) {
      throw new KvPlanException(
          "%s: a rank of %d for rows of %d numbers; expected a multiple of 16 below that"
              .formatted(name, rank, members * dim));
    }
    this.name = name;
    this.side = side;
    this.members = members;
    this.dim = dim;
    this.rank = rank;
    this.centred = centred;
    this.finder = finder;
    this.promptAtOnce = promptAtOnce;
    this.sealing = sealing;
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
    return 2L * ROWS * rank;
  }

  @Override
  public boolean unrotated() {
    return side == Side.KEYS;
  }

  @Override
  public int sealable(int rawRows) {
    return sealing.sealable(rawRows, up.isPresent());
  }

  @Override
  public boolean sealsPromptAtOnce() {
    return promptAtOnce;
  }

  /** The axes, and for each member those turned for reading. */
  @Override
  public long sideBytes(int rows) {
    long mean = centred ? 4L * members * dim : 0;
    return rows == 0 && up.isEmpty()
        ? 0
        : mean + 4L * rank * members * (dim + FloatTile.padded(dim));
  }

  @Override
  public void fit(RowSource rows) {
    if (up.isEmpty()) {
      Basis basis = finder.apply(rows);
      float[][] parts = new float[members][FloatTile.padded(dim) * rank];
      for (int m = 0; m < members; m++) {
        for (int d = 0; d < dim; d++) {
          for (int k = 0; k < rank; k++) {
            parts[m][d * rank + k] = basis.axes()[k * basis.width() + m * dim + d];
          }
        }
      }
      up = Optional.of(new Up(basis, parts));
    }
  }

  @Override
  public JointFormat fork() {
    return up.isPresent()
        ? this
        : new LowRank(name, side, members, dim, rank, centred, finder, promptAtOnce, sealing);
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    Basis basis = up().basis();
    float[] x = new float[basis.width()];
    float[] a = new float[rank];
    for (int m = 0; m < members; m++) {
      rows[m].checkPlace(name, dim, slot);
      rows[m].checkMagnitude(
          name, 65504 / 64f); // a coordinate is at most sqrt(members D) times that
    }
    for (int r = 0; r < rows[0].rows(); r++) {
      for (int m = 0; m < members; m++) {
        System.arraycopy(rows[m].values(), r * dim, x, m * dim, dim);
      }
      if (basis.centred()) {
        Floats.axpy(-1, basis.mean(), 0, x, 0, x.length);
      }
      for (int k = 0; k < rank; k++) {
        a[k] = Floats.dot(basis.axes(), k * x.length, x, 0, x.length);
      }
      write(a, page, slot + r);
    }
  }

  private void write(float[] a, MemorySegment page, int slot) {
    if (side == Side.VALUES) {
      Half.narrow(a, 0, page, 2L * slot * rank, rank);
      return;
    }
    for (int k = 0; k < rank; k++) {
      Half.set(page, 2L * (k * ROWS + slot), a[k]);
    }
  }

  @Override
  public boolean movable() {
    return true;
  }

  @Override
  public void move(MemorySegment from, int slot, MemorySegment to, int target) {
    if (side == Side.VALUES) {
      MemorySegment.copy(from, 2L * slot * rank, to, 2L * target * rank, 2L * rank);
      return;
    }
    for (int k = 0; k < rank; k++) {
      MemorySegment.copy(from, 2L * (k * ROWS + slot), to, 2L * (k * ROWS + target), 2);
    }
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace(name, dim, slot);
    Up up = up();
    float[] a = new float[rank];
    for (int r = 0; r < out.rows(); r++) {
      for (int k = 0; k < rank; k++) {
        int at = side == Side.KEYS ? k * ROWS + slot + r : (slot + r) * rank + k;
        a[k] = Half.get(page, 2L * at);
      }
      for (int d = 0; d < dim; d++) {
        float mean = up.basis().centred() ? up.basis().mean()[member * dim + d] : 0;
        out.values()[r * dim + d] = mean + Floats.dot(up.parts()[member], d * rank, a, 0, rank);
      }
    }
  }

  @Override
  public int roomFloats() {
    return ROWS * Math.max(dim, side == Side.KEYS ? rank : outputWidth());
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    widen(page, room);
    if (side == Side.KEYS) {
      Up up = up();
      float[] tile = tile(FloatTile.padded(dim) * ROWS);
      for (int d = 0; d < dim; d++) {
        float mean = up.basis().centred() ? up.basis().mean()[member * dim + d] : 0;
        Arrays.fill(tile, d * ROWS, (d + 1) * ROWS, mean);
      }
      FloatTile.multiplyAdd(
          up.parts()[member], rank, FloatTile.padded(dim), rank, room, tile, ROWS);
      MemorySegment.copy(tile, 0, room, ValueLayout.JAVA_FLOAT, 0, dim * ROWS);
    } else if (centred) {
      spread(room);
    }
  }

  /** A page of f16 as f32 in the same order. */
  private void widen(MemorySegment page, MemorySegment room) {
    PageLayout flat = new PageLayout(PageLayout.Code.F16, PageLayout.Side.NONE, rank, rank);
    PageFloats.values(flat, page, room);
  }

  /** Gives every row of coordinates its 1. */
  private void spread(MemorySegment room) {
    int width = outputWidth();
    for (int slot = ROWS - 1; slot >= 0; slot--) {
      MemorySegment.copy(room, 4L * slot * rank, room, 4L * slot * width, 4L * rank);
      room.asSlice(4L * (slot * width + rank), 4L * ONE).fill((byte) 0);
      room.setAtIndex(ValueLayout.JAVA_FLOAT, slot * width + rank, 1);
    }
  }

  @Override
  public int outputWidth() {
    return side == Side.KEYS ? dim : centred ? rank + ONE : rank;
  }

  @Override
  public void finishOutput(int member, float[] acc, int at, float[] out, int outAt) {
    if (side == Side.KEYS || up.isEmpty()) { // nothing is coded yet: the sum is 0
      Arrays.fill(out, outAt, outAt + dim, 0);
      return;
    }
    Basis basis = up().basis();
    for (int d = 0; d < dim; d++) {
      float mean = basis.centred() ? basis.mean()[member * dim + d] * acc[at + rank] : 0;
      out[outAt + d] = mean + Floats.dot(up().parts()[member], d * rank, acc, at, rank);
    }
  }

  private static float[] tile(int floats) {
    float[] tile = TILE.get();
    if (tile.length < floats) {
      tile = new float[floats];
      TILE.set(tile);
    }
    return tile;
  }

  private Up up() {
    return up.orElseThrow(() -> new IllegalStateException(name + " has no basis yet"));
  }
}
