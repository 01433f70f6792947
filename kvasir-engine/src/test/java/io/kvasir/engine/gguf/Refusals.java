package io.kvasir.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.kvasir.engine.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Opens files that must be refused: at once, at little cost, in one sentence. */
final class Refusals {
  private static final Duration MOST_TIME = Duration.ofSeconds(2);
  private static final long MOST_ALLOCATED = 100_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Refusals() {}

  /** Writes the bytes as {@code m.gguf} and expects the sentence {@code .../m.gguf: message}. */
  static void refused(Path folder, byte[] file, String message) {
    try {
      refused(Files.write(folder.resolve("m.gguf"), file), ": " + message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Expects a sentence of the path and the given end, in time and without a large allocation. */
  static void refused(Path path, String end) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    Throwable thrown = catchThrowable(() -> GgufFile.open(path).close());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST_TIME);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated).isLessThan(MOST_ALLOCATED);
    assertThat(thrown).isInstanceOf(ModelFormatException.class).hasMessage(path + end);
  }
}
