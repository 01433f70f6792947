package io.kvasir.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands out off-heap pages and gives their memory back to the system. Pages of one size come from
 * slabs; a slab whose pages are all free is released. Thread-safe.
 *
 * <p>Slabs are mapped by the C library, of which a JVM without {@code --enable-native-access} warns
 * once; where that is denied, freed memory may stay with the process.
 *
 * <p>Contents of a fresh page are undefined. Freeing a page twice, or one of another pool, throws
 * {@link IllegalStateException}.
 */
public final class PagePool implements AutoCloseable {
  private static final long SLAB_BYTES = 1 << 18;
  private static final long ALIGNMENT = 64;

  private final Map<Long, List<Slab>> open = new HashMap<>();
  private long usedBytes;
  private long reservedBytes;
  private long usedPages;

  /** A page and the slab it lies in; shared by reference counting, see {@link Page}. */
  synchronized Page allocate(long bytes) {
    List<Slab> slabs = open.computeIfAbsent(bytes, size -> new ArrayList<>());
    if (slabs.isEmpty()) {
      Slab slab = new Slab(bytes);
      reservedBytes += slab.reserved;
      slabs.add(slab);
    }
    Slab slab = slabs.getLast();
    Page page = new Page(this, slab, slab.free.pop(), bytes);
    if (slab.free.isEmpty()) {
      slabs.removeLast();
    }
    usedBytes += bytes;
    usedPages++;
    return page;
  }

  synchronized void release(Page page) {
    Slab slab = page.slab();
    if (slab.free.isEmpty()) {
      open.computeIfAbsent(page.bytes(), size -> new ArrayList<>()).add(slab);
    }
    slab.free.push(page.memory());
    usedBytes -= page.bytes();
    usedPages--;
    if (slab.free.size() == slab.pages) {
      List<Slab> slabs = open.get(page.bytes());
      if (slabs != null) {
        slabs.remove(slab);
      }
      reservedBytes -= slab.reserved;
      slab.arena.close();
    }
  }

  /** Bytes of the pages in use. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** Bytes taken from the system: the pages in use and the free room of their slabs. */
  public synchronized long reservedBytes() {
    return reservedBytes;
  }

  /** Pages in use; 0 once every sequence is closed, or pages were lost. */
  public synchronized long usedPages() {
    return usedPages;
  }

  /**
   * Releases the memory of all slabs.
   *
   * @throws IllegalStateException when pages are still in use; nothing is released then
   */
  @Override
  public synchronized void close() {
    if (usedPages != 0) {
      throw new IllegalStateException(
          usedPages + " cache pages are still in use; close their sequences first");
    }
    open.clear();
  }

  /** Memory for a few pages of one size. */
  static final class Slab {
    private final Arena arena = Arena.ofShared();
    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private final int pages;
    private final long reserved;

    Slab(long pageBytes) {
      long stride = (pageBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      pages = (int) Math.max(1, SLAB_BYTES / stride);
      reserved = pages * stride;
      MemorySegment memory = SlabMemory.allocate(arena, reserved, ALIGNMENT);
      for (int i = pages - 1; i >= 0; i--) {
        free.push(memory.asSlice(i * stride, pageBytes));
      }
    }
  }
}
