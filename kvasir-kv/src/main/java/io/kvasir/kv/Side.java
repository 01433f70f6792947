package io.kvasir.kv;

import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys, or the values, of one (layer, KV head): pages of codes, then the raw residual window.
 * Slots count through both. A row whose format codes it at once never enters the window.
 */
final class Side<F extends PageFormat> {
  private static final int ROWS = PageFormat.ROWS;

  private final F format;
  private final PagePool pool;
  private final PagePool.Content content;
  private final List<Page> pages = new ArrayList<>();
  private final RawWindow raw;
  private int coded;

  Side(F format, PagePool pool) {
    this(format, pool, new RawWindow(pool, format.dim()));
  }

  private Side(F format, PagePool pool, RawWindow raw) {
    this.format = format;
    this.pool = pool;
    this.content = format instanceof KeyFormat ? PagePool.Content.KEYS : PagePool.Content.VALUES;
    this.raw = raw;
  }

  F format() {
    return format;
  }

  int count() {
    return coded + raw.count();
  }

  /** Slots whose rows are codes; the rest are raw. */
  int coded() {
    return coded;
  }

  RawWindow raw() {
    return raw;
  }

  MemorySegment page(int index) {
    return pages.get(index).memory();
  }

  KvBytes bytes() {
    long scales = format.scaleBytes();
    return new KvBytes(
        pages.size() * (format.pageBytes() - scales), pages.size() * scales, raw.bytes(), 0);
  }

  /** What {@link #bytes} are in all after {@code rows} rows were appended and sealed. */
  static long bytesFor(PageFormat format, int rows) {
    int sealed = codesAtOnce(format) ? rows : format.sealable(rows);
    long pages = (sealed + ROWS - 1) / ROWS;
    return pages * format.pageBytes() + RawWindow.bytesFor(rows - sealed, format.dim());
  }

  /** Whether every row is coded when it arrives, so that even its own step reads the code. */
  private static boolean codesAtOnce(PageFormat format) {
    return format.group() == 1 && format.sealable(1) == 1;
  }

  /** Appends one row, {@code values[at .. at+D)}. */
  void append(float[] values, int at) {
    if (codesAtOnce(format) && raw.count() == 0) {
      float[] row = new float[format.dim()];
      System.arraycopy(values, at, row, 0, row.length);
      encode(new RawPage(row, 1, format.dim()));
    } else {
      raw.add(values, at);
    }
  }

  /** Appends rows, row r being {@code values[at + r * stride .. +D)}, as {@link #append} would. */
  void appendAll(float[] values, int at, int stride, int rows) {
    int dim = format.dim();
    float[] some = new float[Math.min(ROWS, rows) * dim];
    for (int done = 0, take; done < rows; done += take) {
      take = Math.min(ROWS - coded % ROWS, rows - done); // what fits the page that is being filled
      for (int r = 0; r < take; r++) {
        System.arraycopy(values, at + (done + r) * stride, some, r * dim, dim);
      }
      appendAll(new RawPage(some, take, dim));
    }
  }

  /** Appends the rows of a page, as {@link #append} would one by one. */
  void appendAll(RawPage rows) {
    int dim = format.dim();
    if (!codesAtOnce(format) || raw.count() != 0) {
      for (int r = 0; r < rows.rows(); r++) {
        raw.add(rows.values(), r * dim);
      }
      return;
    }
    for (int done = 0; done < rows.rows(); ) {
      int take = Math.min(ROWS - coded % ROWS, rows.rows() - done);
      if (take == rows.rows()) {
        encode(rows);
      } else {
        RawPage part = RawPage.of(take, dim);
        System.arraycopy(rows.values(), done * dim, part.values(), 0, take * dim);
        encode(part);
      }
      done += take;
    }
  }

  /** Encodes what the format says is due. */
  void seal() {
    int due = format.sealable(raw.count());
    if (due > 0) {
      for (int done = 0; done < due; ) {
        RawPage rows = RawPage.of(Math.min(ROWS - coded % ROWS, due - done), format.dim());
        for (int r = 0; r < rows.rows(); r++) {
          raw.read(done + r, rows.values(), r * format.dim());
        }
        encode(rows);
        done += rows.rows();
      }
      raw.dropOldest(due);
    }
    raw.fit();
  }

  /** How many rows may be appended before the next {@link #seal} encodes something; at least 1. */
  int rowsToSeal(int wanted) {
    if (codesAtOnce(format)) {
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
    int codes = Math.max(0, Math.min(out.rows(), coded - slot));
    if (codes == out.rows()) {
      format.decode(page(slot / ROWS), slot % ROWS, out);
      return;
    }
    if (codes > 0) {
      RawPage head = RawPage.of(codes, format.dim());
      format.decode(page(slot / ROWS), slot % ROWS, head);
      System.arraycopy(head.values(), 0, out.values(), 0, codes * format.dim());
    }
    for (int r = codes; r < out.rows(); r++) {
      raw.read(slot + r - coded, out.values(), r * format.dim());
    }
  }

  /**
   * Keeps only the slots in {@code kept}, ascending. Rows coded for themselves move bit for bit;
   * groups that lose a row are decoded and take their place among the raw rows, to be encoded anew.
   */
  void retain(int[] kept) {
    int same = 0; // slots before the first victim stay where they are
    while (same < kept.length && kept[same] == same) {
      same++;
    }
    int codedKept = same;
    while (codedKept < kept.length && kept[codedKept] < coded) {
      codedKept++;
    }
    if (format.group() == 1) {
      for (int target = same; target < codedKept; target++) {
        Page page = writable(target / ROWS);
        format.move(page(kept[target] / ROWS), kept[target] % ROWS, page.memory(), target % ROWS);
      }
      int[] rawKept = new int[kept.length - codedKept];
      for (int i = 0; i < rawKept.length; i++) {
        rawKept[i] = kept[codedKept + i] - coded;
      }
      raw.retain(rawKept, 0);
      coded = codedKept;
      shrink();
    } else {
      recode(kept, same / ROWS * ROWS);
    }
  }

  private void recode(int[] kept, int from) {
    if (from >= coded && kept.length - from == raw.count()) {
      return;
    }
    RawPage[] rows = new RawPage[Math.max(0, kept.length - from)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = RawPage.of(1, format.dim());
      read(kept[from + i], rows[i]);
    }
    coded = Math.min(coded, from);
    shrink();
    raw.dropOldest(raw.count());
    for (RawPage row : rows) {
      raw.add(row.values(), 0);
    }
    seal();
  }

  /** Replaces the row of one slot. */
  void rewrite(int slot, float[] row) {
    if (slot >= coded) {
      throw new IllegalStateException("slot " + slot + " is raw; only coded rows are rewritten");
    }
    if (format.group() != 1) {
      throw new KvPlanException(
          "a merger cannot rewrite one row of a codec that codes "
              + format.group()
              + " rows together");
    }
    format.encode(new RawPage(row, 1, format.dim()), writable(slot / ROWS).memory(), slot % ROWS);
  }

  /** Frees the first {@code count} pages, all of codes; later slots move up. */
  void dropPages(int count) {
    for (int i = 0; i < count; i++) {
      pages.removeFirst().release();
    }
    coded -= count * ROWS;
  }

  Side<F> fork() {
    Side<F> copy = new Side<>(format, pool, raw.fork());
    for (Page page : pages) {
      copy.pages.add(page.share());
    }
    copy.coded = coded;
    return copy;
  }

  void release() {
    pages.forEach(Page::release);
    pages.clear();
    coded = 0;
    raw.release();
  }

  private void encode(RawPage rows) {
    int slot = coded % ROWS;
    if (slot == 0) {
      pages.add(pool.allocate(content, format.pageBytes()));
    }
    format.encode(rows, writable(coded / ROWS).memory(), slot);
    coded += rows.rows();
  }

  private Page writable(int index) {
    Page page = pages.get(index).writable();
    pages.set(index, page);
    return page;
  }

  private void shrink() {
    while (pages.size() > (coded + ROWS - 1) / ROWS) {
      pages.removeLast().release();
    }
  }
}
