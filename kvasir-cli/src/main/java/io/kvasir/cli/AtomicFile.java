package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are either as before or whole. */
final class AtomicFile {
  private AtomicFile() {}

  /**
   * To be called before work whose result will be written.
   *
   * @throws UsageException when {@link #write} could not succeed
   */
  static void check(Path file) {
    Path folder = folder(file);
    if (Files.isDirectory(file)) {
      throw new UsageException(file + " is a folder; expected a file to write");
    }
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new UsageException(
          "cannot write %s: %s is no folder that can be written to".formatted(file, folder));
    }
  }

  /** Writes a text in UTF-8, replacing a file of that name. */
  static void write(Path file, String text) {
    write(file, text.getBytes(UTF_8));
  }

  /** Writes bytes, replacing a file of that name. */
  static void write(Path file, byte[] content) {
    Path part =
        folder(file).resolve("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      try (FileChannel channel = FileChannel.open(part, CREATE_NEW, WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }
}
