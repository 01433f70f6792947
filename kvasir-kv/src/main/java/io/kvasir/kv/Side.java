package io.kvasir.kv;

import io.kvasir.kernel.Turns;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.codec.RowSource;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys, or the values, of one (layer, KV head): pages of codes, then the raw residual window.
 * Slots count through both. A row whose format codes it at once never enters the window.
 */
final class Side<F extends PageFormat> {
  private static final int ROWS = PageFormat.ROWS;

  private final F format;
  private final CodedPages codes;
  private final boolean shared; // with other sides, whose rows are coded together with these
  private final RawWindow raw;
  private final boolean atOnce;
  private @Nullable KeyRotation rotation; // of keys that are stored unrotated

  Side(F format, PagePool pool) {
    this(format, new CodedPages(pool, format), false, pool);
  }

  /** A side whose rows are coded together with others, by {@link JointSides}, to shared pages. */
  static <F extends PageFormat> Side<F> member(F format, CodedPages codes, PagePool pool) {
    return new Side<>(format, codes, true, pool);
  }

  private Side(F format, CodedPages codes, boolean shared, PagePool pool) {
    this(format, codes, shared, new RawWindow(pool, format.dim()));
  }

  static PagePool.Content content(PageFormat format) {
    return format instanceof KeyFormat ? PagePool.Content.KEYS : PagePool.Content.VALUES;
  }

  private Side(F format, CodedPages codes, boolean shared, RawWindow raw) {
    this.format = format;
    this.codes = codes;
    this.shared = shared;
    this.raw = raw;
    this.atOnce = !shared && codesAtOnce(format);
  }

  /** Says how keys turn that the format stores unrotated. */
  void rotateWith(KeyRotation rotation) {
    this.rotation = rotation;
  }

  F format() {
    return format;
  }

  int count() {
    return codes.slots() + raw.count();
  }

  /** Slots whose rows are codes; the rest are raw. */
  int coded() {
    return codes.slots();
  }

  RawWindow raw() {
    return raw;
  }

  MemorySegment page(int index) {
    return codes.page(index);
  }

  /** The raw window, and the pages unless others share them. */
  KvBytes bytes() {
    KvBytes window = new KvBytes(0, 0, raw.bytes(), 0);
    return shared
        ? window
        : window.plus(codes.bytes(format.scaleBytes(), format.sideBytes(coded())));
  }

  /** What {@link #bytes} are in all after {@code rows} rows were appended and sealed. */
  static long bytesFor(PageFormat format, int rows) {
    int sealed = codesAtOnce(format) ? rows : format.sealable(rows);
    long pages = CodedPages.bytesFor(sealed, format.firstPageBytes(), format.pageBytes());
    long window = RawWindow.bytesFor(rows - sealed, format.dim());
    return pages + format.sideBytes(sealed) + window;
  }

  /** Whether every row is coded when it arrives, so that even its own step reads the code. */
  private static boolean codesAtOnce(PageFormat format) {
    boolean unrotated = format instanceof KeyFormat keys && keys.unrotated();
    return format.group() == 1
        && format.sealable(1) == 1
        && !unrotated
        && !format.sealsPromptAtOnce();
  }

  /** Whether rows never wait: between passes there is nothing to {@link #seal}. */
  boolean atOnce() {
    return atOnce;
  }

  /** Makes room for rows that all come before any is encoded, where the format has them wait. */
  void expect(int rows) {
    if (shared || format.sealsPromptAtOnce()) {
      raw.reserve(rows);
    }
  }

  /** Appends one row, {@code values[at .. at+D)}. */
  void append(float[] values, int at) {
    if (atOnce && raw.count() == 0) {
      float[] row = new float[format.dim()];
      System.arraycopy(values, at, row, 0, row.length);
      encodeArriving(new RawPage(row, 1, format.dim()));
    } else {
      raw.add(values, at);
    }
  }

  /** Appends rows, row r being {@code values[at + r * stride .. +D)}, as {@link #append} would. */
  void appendAll(float[] values, int at, int stride, int rows) {
    int dim = format.dim();
    float[] some = new float[Math.min(ROWS, rows) * dim];
    for (int done = 0, take; done < rows; done += take) {
      take = Math.min(codes.room(), rows - done);
      for (int r = 0; r < take; r++) {
        System.arraycopy(values, at + (done + r) * stride, some, r * dim, dim);
      }
      appendAll(new RawPage(some, take, dim));
    }
  }

  /** Appends the rows of a page, as {@link #append} would one by one. */
  void appendAll(RawPage rows) {
    int dim = format.dim();
    if (!atOnce || raw.count() != 0) {
      raw.reserve(rows.rows());
      for (int r = 0; r < rows.rows(); r++) {
        raw.add(rows.values(), r * dim);
      }
      return;
    }
    for (int done = 0; done < rows.rows(); ) {
      int take = Math.min(codes.room(), rows.rows() - done);
      if (take == rows.rows()) {
        encodeArriving(rows);
      } else {
        RawPage part = RawPage.of(take, dim);
        System.arraycopy(rows.values(), done * dim, part.values(), 0, take * dim);
        encodeArriving(part);
      }
      done += take;
    }
  }

  /** Rows that are to be encoded now; none where {@link JointSides} does that. */
  int due() {
    return shared ? 0 : format.sealable(raw.count());
  }

  /** Encodes what the format says is due; not where {@link JointSides} does. */
  void seal() {
    if (shared) {
      return;
    }
    int due = due();
    if (due > 0) {
      format.fit(new RawRows(due));
      for (int left = due; left > 0; ) {
        RawPage rows = oldest(Math.min(codes.room(), left));
        encode(rows);
        raw.dropOldest(rows.rows());
        left -= rows.rows();
      }
    }
    raw.fit();
  }

  /** How many rows may be appended before the next {@link #seal} encodes something; at least 1. */
  int rowsToSeal(int wanted) {
    if (atOnce) {
      return wanted;
    }
    int rows = 1;
    while (rows < wanted && format.sealable(raw.count() + rows) == 0) {
      rows++;
    }
    return rows;
  }

  /** Reads {@code out.rows()} rows from slot {@code slot}, decoded; they must lie in one page. */
  void read(int slot, RawPage out) {
    int decoded = Math.max(0, Math.min(out.rows(), coded() - slot));
    if (decoded == out.rows()) {
      decode(slot, out);
      return;
    }
    if (decoded > 0) {
      RawPage head = RawPage.of(decoded, format.dim());
      decode(slot, head);
      System.arraycopy(head.values(), 0, out.values(), 0, decoded * format.dim());
    }
    for (int r = decoded; r < out.rows(); r++) {
      raw.read(slot + r - coded(), out.values(), r * format.dim());
    }
  }

  private void decode(int slot, RawPage out) {
    format.decode(page(slot / ROWS), slot % ROWS, out);
    if (rotation != null) {
      rotation.rotate(out, slot);
    }
  }

  /**
   * A page whose slots are all codes as {@link PageFormat#floats} has it, keys rotated.
   *
   * @param slots of the page that hold rows
   * @param room native memory for the page
   * @param turns see {@link KeyRotation#rotateColumns}; used for unrotated keys alone
   */
  Optional<MemorySegment> floats(int page, int slots, MemorySegment room, float[] turns) {
    Optional<MemorySegment> floats = format.floats(page(page), room);
    if (rotation != null && floats.isPresent()) {
      rotation.rotateColumns(floats.get(), page * ROWS, slots, turns);
    }
    return floats;
  }

  /** How the keys of a page that are stored unrotated meet queries: {@link KeyRotation#turns}. */
  Turns turns(int page, int slots, float[] queries, int count, float[] turned, float[] room) {
    KeyRotation known = Objects.requireNonNull(rotation);
    return known.turns(page * ROWS, slots, queries, count, format.dim(), turned, room);
  }

  /**
   * Keeps only the slots in {@code kept}, ascending. Rows coded for themselves move bit for bit;
   * groups that lose a row are decoded and take their place among the raw rows, to be encoded anew
   * by the next {@link #seal}, once their slots have their positions.
   */
  void retain(int[] kept) {
    int same = 0; // slots before the first victim stay where they are
    while (same < kept.length && kept[same] == same) {
      same++;
    }
    int codedKept = same;
    while (codedKept < kept.length && kept[codedKept] < coded()) {
      codedKept++;
    }
    if (format.movable()) {
      for (int target = same; target < codedKept; target++) {
        MemorySegment page = codes.writable(target / ROWS);
        format.move(page(kept[target] / ROWS), kept[target] % ROWS, page, target % ROWS);
      }
      int[] rawKept = new int[kept.length - codedKept];
      for (int i = 0; i < rawKept.length; i++) {
        rawKept[i] = kept[codedKept + i] - coded();
      }
      raw.retain(rawKept, 0);
      codes.keep(codedKept);
    } else {
      recode(kept, same / ROWS * ROWS);
    }
  }

  private void recode(int[] kept, int from) {
    if (from >= coded() && kept.length - from == raw.count()) {
      return;
    }
    RawPage[] rows = new RawPage[Math.max(0, kept.length - from)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = RawPage.of(1, format.dim());
      read(kept[from + i], rows[i]);
    }
    codes.keep(Math.min(coded(), from));
    raw.dropOldest(raw.count());
    for (RawPage row : rows) {
      raw.add(row.values(), 0);
    }
  }

  /** Replaces the row of one slot. */
  void rewrite(int slot, float[] row) {
    if (slot >= coded()) {
      throw new IllegalStateException("slot " + slot + " is raw; only coded rows are rewritten");
    }
    if (!format.movable()) {
      throw new KvPlanException(
          "a merger cannot rewrite one row of a codec that codes "
              + format.group()
              + " rows together");
    }
    RawPage one = new RawPage(row.clone(), 1, format.dim());
    if (rotation != null) {
      rotation.rotateBack(one.values(), 0, slot);
    }
    format.encode(one, codes.writable(slot / ROWS), slot % ROWS);
  }

  /** Frees the first {@code count} pages, all of codes; later slots move up. */
  void dropPages(int count) {
    codes.dropFirst(count);
  }

  /**
   * A side of the same content that goes its own way.
   *
   * @param copies what is shared with other sides
   */
  Side<F> fork(ForkCopies copies) {
    return new Side<>(copies.of(format), copies.of(codes), shared, raw.fork());
  }

  void release() {
    codes.release();
    raw.release();
  }

  /** The oldest raw rows as they are to be encoded. */
  RawPage oldest(int count) {
    RawPage rows = RawPage.of(count, format.dim());
    for (int r = 0; r < count; r++) {
      readOldest(r, rows.values(), r * format.dim());
    }
    return rows;
  }

  /**
   * Reads raw row {@code i} as it is to be encoded: keys before rotation where they are stored so.
   */
  void readOldest(int i, float[] out, int at) {
    raw.read(i, out, at);
    if (rotation != null) {
      rotation.rotateBack(out, at, coded() + i);
    }
  }

  /** Forgets the oldest raw rows, which have been encoded. */
  void encodedOldest(int rows) {
    raw.dropOldest(rows);
    raw.fit();
  }

  private void encodeArriving(RawPage rows) {
    format.fit(new PageRows(rows));
    encode(rows);
  }

  private void encode(RawPage rows) {
    int slot = codes.slots() % ROWS;
    format.encode(rows, codes.open(), slot);
    codes.wrote(rows.rows());
  }

  /** Rows that are encoded as they arrive. */
  private record PageRows(RawPage page) implements RowSource {
    @Override
    public int rows() {
      return page.rows();
    }

    @Override
    public void read(int member, int row, float[] out, int at) {
      System.arraycopy(page.values(), row * page.dim(), out, at, page.dim());
    }
  }

  /** The raw rows that are about to be encoded. */
  private final class RawRows implements RowSource {
    private final int rows;

    RawRows(int rows) {
      this.rows = rows;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public void read(int member, int row, float[] out, int at) {
      readOldest(row, out, at);
    }
  }
}
