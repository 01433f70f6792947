package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PagePoolTest {

  @Test
  void usedBytesAreThoseOfLivePages() {
    try (PagePool pool = new PagePool()) {
      Page a = pool.allocate(PagePool.Content.KEYS, 1000);
      Page b = pool.allocate(PagePool.Content.KEYS, 8192);
      assertThat(pool.usedBytes()).isEqualTo(9192);
      assertThat(pool.reservedBytes()).isGreaterThanOrEqualTo(9192);
      a.release();
      b.release();
      assertThat(pool.usedBytes()).isZero();
      assertThat(pool.reservedBytes()).isZero();
    }
  }

  @Test
  void pagesNeverOverlap() {
    Random random = new Random(1);
    try (PagePool pool = new PagePool()) {
      ArrayDeque<Page> live = new ArrayDeque<>();
      for (int i = 0; i < 5000; i++) {
        if (live.size() > 200 || !live.isEmpty() && random.nextInt(3) == 0) {
          Page page = live.poll();
          assertThat(page.memory().asByteBuffer().getInt(0))
              .isEqualTo(page.memory().asByteBuffer().getInt((int) page.bytes() - 4));
          page.release();
        } else {
          Page page = pool.allocate(PagePool.Content.KEYS, random.nextBoolean() ? 777 : 12_288);
          page.memory().asByteBuffer().putInt(0, i).putInt((int) page.bytes() - 4, i);
          live.add(page);
        }
      }
      live.forEach(Page::release);
      assertThat(pool.reservedBytes()).isZero();
    }
  }

  /** Pages as large as slabs, every other one freed: holes that an allocator would keep. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void freedMemoryLeavesTheProcess() throws IOException {
    int pages = 200;
    long freedBytes = 1 << 18;
    try (PagePool pool = new PagePool()) {
      pool.allocate(PagePool.Content.KEYS, freedBytes).release();
      List<Page> freed = new ArrayList<>();
      List<Page> kept = new ArrayList<>();
      for (int i = 0; i < pages; i++) {
        freed.add(pool.allocate(PagePool.Content.KEYS, freedBytes));
        kept.add(pool.allocate(PagePool.Content.KEYS, 200_000));
        freed.getLast().memory().fill((byte) 1);
        kept.getLast().memory().fill((byte) 1);
      }
      long before = residentBytes();
      freed.forEach(Page::release);
      assertThat(before - residentBytes()).isGreaterThan(pages * freedBytes * 8 / 10);
      kept.forEach(Page::release);
    }
  }

  private static long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aHeldPoolKeepsFreeSlabsUntilItIsLetGo() {
    try (PagePool pool = new PagePool()) {
      pool.hold();
      pool.allocate(PagePool.Content.KEYS, 4096).release();
      long held = pool.reservedBytes();
      assertThat(held).isPositive();
      assertThat(pool.usedBytes()).isZero();
      Page again = pool.allocate(PagePool.Content.KEYS, 4096);
      assertThat(pool.reservedBytes()).isEqualTo(held);
      pool.letGo();
      assertThat(pool.reservedBytes()).isEqualTo(held);
      again.release();
      assertThat(pool.reservedBytes()).isZero();
      pool.hold();
      pool.allocate(PagePool.Content.VALUES, 4096).release();
      pool.letGo();
      assertThat(pool.reservedBytes()).isZero();
    }
  }

  @Test
  void aSharedPageIsCopiedWhenWritten() {
    try (PagePool pool = new PagePool()) {
      Page page = pool.allocate(PagePool.Content.KEYS, 64);
      page.memory().asByteBuffer().putInt(0, 42);
      Page shared = page.share();
      Page mine = shared.writable();
      assertThat(mine).isNotSameAs(page);
      mine.memory().asByteBuffer().putInt(0, 43);
      assertThat(page.memory().asByteBuffer().getInt(0)).isEqualTo(42);
      assertThat(page.writable()).isSameAs(page);
      mine.release();
      page.release();
    }
  }

  @Test
  void aDoubleFreeIsFatal() {
    try (PagePool pool = new PagePool()) {
      Page page = pool.allocate(PagePool.Content.KEYS, 64);
      page.release();
      assertThatThrownBy(page::release).hasMessage("a cache page was freed twice");
    }
  }

  @Test
  void aPoolWithLivePagesRefusesToClose() {
    PagePool pool = new PagePool();
    Page page = pool.allocate(PagePool.Content.KEYS, 64);
    assertThatThrownBy(pool::close).hasMessageStartingWith("1 cache pages are still in use");
    page.release();
    pool.close();
  }
}
