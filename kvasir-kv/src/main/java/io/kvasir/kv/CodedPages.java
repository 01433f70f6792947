package io.kvasir.kv;

import io.kvasir.kv.codec.PageFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Pages of codes, and how many of their slots are coded: of one side, or of the sides whose rows
 * are coded together.
 */
final class CodedPages {
  private static final int ROWS = PageFormat.ROWS;

  private final PagePool pool;
  private final PagePool.Content content;
  private final long firstBytes;
  private final long pageBytes;
  private final List<Page> pages = new ArrayList<>();
  private int slots;

  CodedPages(PagePool pool, PageFormat format) {
    this(pool, Side.content(format), format.firstPageBytes(), format.pageBytes());
  }

  CodedPages(PagePool pool, PagePool.Content content, long firstBytes, long pageBytes) {
    this.pool = pool;
    this.content = content;
    this.firstBytes = firstBytes;
    this.pageBytes = pageBytes;
  }

  /** Slots that are coded. */
  int slots() {
    return slots;
  }

  /** How many rows the page can take that is being filled. */
  int room() {
    return ROWS - slots % ROWS;
  }

  MemorySegment page(int index) {
    return pages.get(index).memory();
  }

  /** A page that nobody else reads. */
  MemorySegment writable(int index) {
    Page page = pages.get(index).writable();
    pages.set(index, page);
    return page.memory();
  }

  /** The page that takes the next row, made if need be; the row goes to slot {@code slots % 64}. */
  MemorySegment open() {
    if (slots % ROWS == 0) {
      pages.add(pool.allocate(content, pages.isEmpty() ? firstBytes : pageBytes));
    }
    return writable(slots / ROWS);
  }

  /** Counts rows that were written to {@link #open}. */
  void wrote(int rows) {
    slots += rows;
  }

  /** Forgets all but the first {@code count} slots. */
  void keep(int count) {
    slots = count;
    while (pages.size() > (slots + ROWS - 1) / ROWS) {
      pages.removeLast().release();
    }
  }

  /** Frees the first {@code count} pages, all of whose slots are coded; later slots move up. */
  void dropFirst(int count) {
    for (int i = 0; i < count; i++) {
      pages.removeFirst().release();
    }
    slots -= count * ROWS;
  }

  /**
   * Bytes held.
   *
   * @param scales bytes of a page that its codes are scaled by
   * @param side bytes that stand beside the pages
   */
  KvBytes bytes(long scales, long side) {
    long all = pages.stream().mapToLong(Page::bytes).sum();
    return new KvBytes(all - pages.size() * scales, pages.size() * scales, 0, side);
  }

  /** Bytes of the pages that so many slots take. */
  static long bytesFor(int slots, long firstBytes, long pageBytes) {
    return slots == 0 ? 0 : firstBytes + (Math.ceilDiv(slots, ROWS) - 1) * pageBytes;
  }

  CodedPages fork() {
    CodedPages copy = new CodedPages(pool, content, firstBytes, pageBytes);
    for (Page page : pages) {
      copy.pages.add(page.share());
    }
    copy.slots = slots;
    return copy;
  }

  void release() {
    pages.forEach(Page::release);
    pages.clear();
    slots = 0;
  }
}
