package io.kvasir.kv;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One page of the pool, shared between sequences by counting references. Whoever wants to write
 * asks {@link #writable} first, which copies a shared page.
 */
final class Page {
  private final PagePool pool;
  private final PagePool.Slab slab;
  private final MemorySegment memory;
  private final AtomicInteger references = new AtomicInteger(1);

  Page(PagePool pool, PagePool.Slab slab, MemorySegment memory) {
    this.pool = pool;
    this.slab = slab;
    this.memory = memory;
  }

  MemorySegment memory() {
    return memory;
  }

  long bytes() {
    return slab.kind().bytes();
  }

  PagePool.Slab slab() {
    return slab;
  }

  /** One more owner. */
  Page share() {
    references.incrementAndGet();
    return this;
  }

  /** This page when it has one owner; else a copy, and this owner leaves the shared one. */
  Page writable() {
    if (references.get() == 1) {
      return this;
    }
    Page copy = pool.allocate(slab.kind());
    copy.memory.copyFrom(memory);
    release();
    return copy;
  }

  /** One owner less; the last one frees the memory. */
  void release() {
    int left = references.decrementAndGet();
    if (left == 0) {
      pool.release(this);
    } else if (left < 0) {
      throw new IllegalStateException("a cache page was freed twice");
    }
  }
}
