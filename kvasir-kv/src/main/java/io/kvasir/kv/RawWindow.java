package io.kvasir.kv;

import io.kvasir.kernel.Half;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are not encoded yet, in f16: a ring, oldest first, row-major, that grows and shrinks in
 * steps of {@link #STEP} rows so that little more than the rows themselves is held. While it holds
 * any it has room for one more: a window that takes a row and gives one to its codec at every step
 * stays where it is.
 */
final class RawWindow {
  static final int STEP = 16;

  private final PagePool pool;
  private final int dim;
  private @Nullable Page page;
  private int capacity;
  private int start;
  private int count;

  RawWindow(PagePool pool, int dim) {
    this.pool = pool;
    this.dim = dim;
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes(capacity, dim);
  }

  /** Bytes that a window of {@code rows} rows holds after {@link #fit}. */
  static long bytesFor(int rows, int dim) {
    return bytes(capacityFor(rows), dim);
  }

  /** Makes room for so many more rows at once: row by row they would be copied over and over. */
  void reserve(int rows) {
    if (count + rows > capacity) {
      resize(capacityFor(count + rows));
    }
  }

  void add(float[] row, int at) {
    reserve(1);
    Page owned = owned();
    Half.narrow(row, at, owned.memory(), offset(count), dim);
    count++;
  }

  /** Reads row {@code i}, counted from the oldest. */
  void read(int i, float[] out, int at) {
    Half.widen(held().memory(), offset(i), out, at, dim);
  }

  /** Forgets the oldest {@code rows}. */
  void dropOldest(int rows) {
    count -= rows;
    start = count == 0 ? 0 : (start + rows) % capacity;
  }

  /** Keeps only the rows at {@code kept}, ascending; bits are copied, not rounded again. */
  void retain(int[] kept, int from) {
    if (kept.length - from == count) {
      return;
    }
    Page owned = count == 0 ? null : owned();
    for (int i = from; i < kept.length && owned != null; i++) {
      long source = offset(kept[i]);
      long target = offset(i - from);
      owned.memory().asSlice(target, 2L * dim).copyFrom(owned.memory().asSlice(source, 2L * dim));
    }
    count = kept.length - from;
    fit();
  }

  /** Gives back memory that a burst of rows needed and the rows left do not. */
  void fit() {
    int needed = capacityFor(count);
    if (capacity > needed) {
      resize(needed);
    }
  }

  RawWindow fork() {
    RawWindow copy = new RawWindow(pool, dim);
    copy.page = page == null ? null : page.share();
    copy.capacity = capacity;
    copy.start = start;
    copy.count = count;
    return copy;
  }

  void release() {
    if (page != null) {
      page.release();
      page = null;
    }
    capacity = 0;
    count = 0;
    start = 0;
  }

  private void resize(int rows) {
    Page old = page;
    Page fresh = rows == 0 ? null : pool.allocate(PagePool.Content.WINDOW, bytes(rows, dim));
    for (int i = 0; i < count && old != null && fresh != null; i++) {
      fresh
          .memory()
          .asSlice(2L * i * dim, 2L * dim)
          .copyFrom(old.memory().asSlice(offset(i), 2L * dim));
    }
    if (old != null) {
      old.release();
    }
    page = fresh;
    capacity = rows;
    start = 0;
  }

  private Page owned() {
    page = held().writable();
    return page;
  }

  private Page held() {
    if (page == null) {
      throw new IllegalStateException("the raw window is empty");
    }
    return page;
  }

  private long offset(int i) {
    return 2L * dim * ((start + i) % capacity);
  }

  private static long bytes(int rows, int dim) {
    return 2L * rows * dim;
  }

  private static int capacityFor(int rows) {
    return rows == 0 ? 0 : (rows + STEP) / STEP * STEP;
  }
}
