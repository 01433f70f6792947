package io.kvasir.kv;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * Memory mapped from the system, which has it back as soon as its arena is closed. {@link
 * Arena#allocate} asks the C library, and glibc keeps pieces of a slab's size for later once the
 * first of them was freed: of a closed cache nothing left the resident set.
 *
 * <p>Where there is no {@code mmap}, or native access is denied, it comes from {@link Arena} all
 * the same.
 */
@SuppressWarnings("restricted") // two calls of the C library, with sizes that the pool computes
final class SlabMemory {
  private static final int READ_AND_WRITE = 3;
  private static final int PRIVATE_ON_LINUX = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS
  private static final int PRIVATE_ON_MACOS = 0x1002;
  private static final int IN_HUGE_PAGES = 14; // MADV_HUGEPAGE
  private static final long FAILED = -1;

  /** Bytes of a huge page of Linux on the processors that Kvasir knows. */
  static final long HUGE_PAGE = 1 << 21;

  private static final Optional<SlabMemory> SYSTEM = find();

  private final MethodHandle mmap;
  private final MethodHandle munmap;
  private final Optional<MethodHandle> madvise; // of Linux
  private final int flags;

  private SlabMemory(
      MethodHandle mmap, MethodHandle munmap, Optional<MethodHandle> madvise, int flags) {
    this.mmap = mmap;
    this.munmap = munmap;
    this.madvise = madvise;
    this.flags = flags;
  }

  /**
   * Memory that lives until {@code arena} is closed; its contents are undefined.
   *
   * @param alignment at most 4096
   */
  static MemorySegment allocate(Arena arena, long bytes, long alignment) {
    return SYSTEM
        .map(system -> system.map(arena, bytes))
        .orElseGet(() -> arena.allocate(bytes, alignment));
  }

  private MemorySegment map(Arena arena, long bytes) {
    MemorySegment start = call(bytes);
    if (start.address() == FAILED) {
      throw new OutOfMemoryError("the system has no " + bytes + " bytes for the cache");
    }
    if (bytes == HUGE_PAGE) { // Linux aligns such a mapping by itself
      madvise.ifPresent(advise -> askForHugePage(advise, start));
    }
    return start.reinterpret(bytes, arena, mapped -> unmap(mapped, bytes));
  }

  /** A wish: where it is not granted, the memory consists of common pages. */
  private static void askForHugePage(MethodHandle madvise, MemorySegment start) {
    try {
      int ignored = (int) madvise.invokeExact(start, HUGE_PAGE, IN_HUGE_PAGES);
    } catch (Throwable e) {
      throw new IllegalStateException("madvise cannot be called", e);
    }
  }

  private MemorySegment call(long bytes) {
    try {
      return (MemorySegment)
          mmap.invokeExact(MemorySegment.NULL, bytes, READ_AND_WRITE, flags, -1, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException("mmap cannot be called", e);
    }
  }

  private void unmap(MemorySegment start, long bytes) {
    try {
      int result = (int) munmap.invokeExact(start, bytes);
      if (result != 0) {
        throw new IllegalStateException("munmap of " + bytes + " bytes failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("munmap cannot be called", e);
    }
  }

  private static Optional<SlabMemory> find() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    boolean linux = system.contains("linux");
    if (!linux && !system.contains("mac")) {
      return Optional.empty();
    }
    int flags = linux ? PRIVATE_ON_LINUX : PRIVATE_ON_MACOS;
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    FunctionDescriptor map =
        FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    FunctionDescriptor unmap = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
    FunctionDescriptor advise = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    try {
      Optional<MethodHandle> madvise =
          linux
              ? library.find("madvise").map(at -> linker.downcallHandle(at, advise))
              : Optional.empty();
      return library
          .find("mmap")
          .flatMap(
              mmap ->
                  library
                      .find("munmap")
                      .map(
                          munmap ->
                              new SlabMemory(
                                  linker.downcallHandle(mmap, map),
                                  linker.downcallHandle(munmap, unmap),
                                  madvise,
                                  flags)));
    } catch (IllegalCallerException e) {
      return Optional.empty(); // native access is denied to this module
    }
  }
}
