package io.kvasir.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Calls of oneDNN's C interface (version 3, dnnl.h). Initialising this class loads the library,
 * which stays loaded.
 *
 * <p>Every function is linked with the same signature, seven integers of 64 bits, because linking
 * another one takes 5 ms at start: pointers, sizes and enums are such, and C callees ignore
 * arguments that they do not declare.
 */
final class OneDnnApi {
  private static final int MOST_ARGUMENTS = 7;
  private static final FunctionDescriptor SIGNATURE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final Path LIBRARY = unpacked();
  private static final SymbolLookup SYMBOLS = SymbolLookup.libraryLookup(LIBRARY, Arena.global());

  /** Any function, its address the first argument. */
  private static final MethodHandle ANY = Linker.nativeLinker().downcallHandle(SIGNATURE);

  private static final MethodHandle EXECUTE = link("dnnl_primitive_execute", SIGNATURE);
  private static final MethodHandle SET_HANDLE = link("dnnl_memory_set_data_handle", SIGNATURE);
  private static final MethodHandle SET_THREADS = link("omp_set_num_threads", SIGNATURE);

  private OneDnnApi() {}

  private static Path unpacked() {
    try {
      return OneDnnLibrary.file();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library, as it was loaded. */
  static Path library() {
    return LIBRARY;
  }

  private static MethodHandle link(String function, FunctionDescriptor signature) {
    return Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(function), signature);
  }

  /** What {@code function(arguments)} returns; for those that return no status. */
  static long get(String function, long... arguments) {
    MemorySegment symbol = SYMBOLS.findOrThrow(function);
    long[] a = Arrays.copyOf(arguments, MOST_ARGUMENTS);
    try {
      return (long) ANY.invokeExact(symbol, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    } catch (Throwable t) {
      throw unexpected(function, t);
    }
  }

  /** Runs {@code function(arguments)}, which returns a status. */
  static void call(String function, long... arguments) {
    check(function, get(function, arguments));
  }

  /** The pointer that {@code function(&pointer, arguments)} sets. */
  static long create(String function, long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment created = arena.allocate(JAVA_LONG);
      long[] all = new long[arguments.length + 1];
      all[0] = created.address();
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      call(function, all);
      return created.get(JAVA_LONG, 0);
    }
  }

  /**
   * {@code dnnl_post_ops_append_sum}: adds to what the result holds. The one that takes a float.
   */
  static void appendSum(long postOps) {
    FunctionDescriptor signature =
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_LONG, JAVA_LONG);
    String function = "dnnl_post_ops_append_sum";
    try {
      check(function, (long) link(function, signature).invokeExact(postOps, 1f, 0L, 0L));
    } catch (Throwable t) {
      throw unexpected(function, t);
    }
  }

  /** Runs a primitive on the calling thread alone. */
  static void execute(long primitive, long stream, long count, long arguments) {
    try {
      long nothing = (long) SET_THREADS.invokeExact(1L, 0L, 0L, 0L, 0L, 0L, 0L);
      check(
          "dnnl_primitive_execute",
          (long) EXECUTE.invokeExact(primitive, stream, count, arguments, nothing, 0L, 0L));
    } catch (Throwable t) {
      throw unexpected("dnnl_primitive_execute", t);
    }
  }

  /** Lets a memory object stand for the bytes at {@code address}. */
  static void setHandle(long memory, long address) {
    try {
      check(
          "dnnl_memory_set_data_handle",
          (long) SET_HANDLE.invokeExact(memory, address, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw unexpected("dnnl_memory_set_data_handle", t);
    }
  }

  private static void check(String function, long returned) {
    int status = (int) returned; // a C enum: the upper half of the register is undefined
    if (status != 0) {
      throw new IllegalStateException("oneDNN: %s returned status %d".formatted(function, status));
    }
  }

  private static RuntimeException unexpected(String function, Throwable t) {
    return t instanceof RuntimeException e
        ? e
        : new IllegalStateException("oneDNN: calling %s failed".formatted(function), t);
  }
}
