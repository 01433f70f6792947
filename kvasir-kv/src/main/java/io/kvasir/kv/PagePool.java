package io.kvasir.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands out off-heap pages and gives their memory back to the system. Pages of one kind come from
 * slabs; a slab whose pages are all free is released, but for the last one of windows, which goes
 * with the last page of the pool. Thread-safe.
 *
 * <p>A head's pages of keys are read one after the other, then those of values, and memory is
 * fastest in order: so keys and values have slabs of their own. The first slabs of a kind are
 * small, later ones have the size of a huge page, because a step over a long cache otherwise spends
 * a fifth of its time on looking up where its pages are.
 *
 * <p>Slabs are mapped by the C library, of which a JVM without {@code --enable-native-access} warns
 * once; where that is denied, freed memory may stay with the process.
 *
 * <p>Contents of a fresh page are undefined. Freeing a page twice, or one of another pool, throws
 * {@link IllegalStateException}.
 */
public final class PagePool implements AutoCloseable {
  private static final long SMALL_SLAB = 1 << 18;
  private static final long ALIGNMENT = 64;

  private final Map<Kind, Slabs> kinds = new HashMap<>();
  private long usedBytes;
  private long reservedBytes;
  private long usedPages;
  private int holders;

  /** What lies in a page. */
  enum Content {
    KEYS,
    VALUES,
    WINDOW
  }

  /** Pages that share slabs. */
  record Kind(Content content, long bytes) {}

  /** A page and the slab it lies in; shared by reference counting, see {@link Page}. */
  synchronized Page allocate(Content content, long bytes) {
    return allocate(new Kind(content, bytes));
  }

  synchronized Page allocate(Kind kind) {
    Slabs slabs = kinds.computeIfAbsent(kind, each -> new Slabs());
    if (slabs.open.isEmpty()) {
      boolean many = slabs.reserved >= SlabMemory.HUGE_PAGE;
      Slab slab = new Slab(kind, many ? SlabMemory.HUGE_PAGE : SMALL_SLAB);
      slabs.reserved += slab.reserved;
      reservedBytes += slab.reserved;
      slabs.open.add(slab);
    }
    Slab slab = slabs.open.getLast();
    Page page = new Page(this, slab, slab.free.pop());
    if (slab.free.isEmpty()) {
      slabs.open.removeLast();
    }
    usedBytes += kind.bytes;
    usedPages++;
    return page;
  }

  synchronized void release(Page page) {
    Slab slab = page.slab();
    Slabs slabs = kinds.computeIfAbsent(slab.kind, each -> new Slabs());
    if (slab.free.isEmpty()) {
      slabs.open.add(slab);
    }
    slab.free.push(page.memory());
    usedBytes -= slab.kind.bytes;
    usedPages--;
    if (usedPages == 0 && holders == 0) {
      giveBackFree();
    } else if (slab.isFree() && holders == 0 && !servesWindows(slabs, slab)) {
      slabs.open.remove(slab);
      giveBack(slabs, slab);
    }
  }

  /**
   * Whether a free slab stays for the windows to come, which are freed and wanted again at every
   * step: mapping memory takes longer than the step's work on it.
   */
  private static boolean servesWindows(Slabs slabs, Slab slab) {
    return slab.kind.content == Content.WINDOW && slabs.reserved == slab.reserved;
  }

  private void giveBackFree() {
    for (Slabs slabs : kinds.values()) {
      slabs.open.stream().filter(Slab::isFree).forEach(slab -> giveBack(slabs, slab));
      slabs.open.removeIf(Slab::isFree);
    }
  }

  private void giveBack(Slabs slabs, Slab slab) {
    slabs.reserved -= slab.reserved;
    reservedBytes -= slab.reserved;
    slab.arena.close();
  }

  /**
   * From now on slabs stay when their pages are free, for those who will want as many again at
   * once: mapping memory anew costs as much as filling it. To be followed by {@link #letGo}.
   */
  synchronized void hold() {
    holders++;
  }

  /** Ends a {@link #hold}; after the last one free slabs go. */
  synchronized void letGo() {
    holders--;
    if (holders == 0) {
      giveBackFree();
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
    kinds.clear();
  }

  /** The slabs of a kind: those with free pages, and the bytes of all. */
  private static final class Slabs {
    final List<Slab> open = new ArrayList<>();
    long reserved;
  }

  /** Memory for some pages of one kind. */
  static final class Slab {
    private final Kind kind;
    private final Arena arena = Arena.ofShared();
    private final ArrayDeque<MemorySegment> free = new ArrayDeque<>();
    private final int pages;
    private final long reserved;

    Slab(Kind kind, long bytes) {
      this.kind = kind;
      long stride = (kind.bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      pages = (int) Math.max(1, bytes / stride);
      reserved = Math.max(bytes, stride);
      MemorySegment memory = SlabMemory.allocate(arena, reserved, ALIGNMENT);
      for (int i = pages - 1; i >= 0; i--) {
        free.push(memory.asSlice(i * stride, kind.bytes));
      }
    }

    Kind kind() {
      return kind;
    }

    boolean isFree() {
      return free.size() == pages;
    }
  }
}
