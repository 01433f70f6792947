package io.kvasir.eval.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A process that writes cells, one line after each, until it is killed or cannot go on. */
final class ResultsWriter {
  static final int QUESTIONS = 8;
  static final long NO_LIMIT = -1;

  private ResultsWriter() {}

  public static void main(String[] arguments) {
    try (Results results = Results.open(Path.of(arguments[0]))) {
      limitFiles(Long.parseLong(arguments[1]));
      results.put(Rows.RUN);
      for (int context = 0; context < 1_000_000; context++) {
        results.put(Rows.cell(context, QUESTIONS));
        System.out.println(context);
      }
    } catch (RuntimeException e) {
      System.out.println(e.getMessage());
    }
  }

  /**
   * @param limit bytes that each file it writes may have
   */
  static Process start(Path file, long limit) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ResultsWriter.class.getName(),
            file.toString(),
            Long.toString(limit))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** A disk that is full for us alone: {@code setrlimit(RLIMIT_FSIZE, {limit, limit})}. */
  private static void limitFiles(long limit) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment both = arena.allocateFrom(ValueLayout.JAVA_LONG, limit, limit);
      int failed =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("setrlimit"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                  .invokeExact(1, both);
      if (failed != 0) {
        throw new AssertionError("setrlimit refuses " + limit);
      }
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
