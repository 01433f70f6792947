package io.kvasir.eval.kld;

import io.kvasir.eval.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a {@code .kld} file from front to back; it has its name once it is whole. */
final class KldWriter implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final KldShape shape;
  private final FileChannel channel;
  private final ByteBuffer bytes;

  /**
   * Makes room for a file; one of that name is replaced in the end.
   *
   * @throws UncheckedIOException it cannot be written
   */
  KldWriter(Path file, KldShape shape) {
    this.file = file;
    this.shape = shape;
    part = part(file);
    bytes = ByteBuffer.allocate(shape.rowBytes());
    try {
      channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * To be called before work whose result will be written.
   *
   * @throws InputException its folder is none, or cannot be written to
   */
  static void check(Path file) {
    Path folder = part(file).getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new InputException(
          "cannot write %s: %s is no folder that can be written to".formatted(file, folder));
    }
  }

  private static Path part(Path file) {
    return file.toAbsolutePath()
        .resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
  }

  /**
   * Writes what stands before the rows.
   *
   * @param text as many chunks of as many tokens as the shape says
   */
  void begin(KldText text) {
    put(shape.header());
    for (int[] ids : text.chunks()) {
      ByteBuffer out =
          ByteBuffer.allocate(Integer.BYTES * ids.length).order(ByteOrder.LITTLE_ENDIAN);
      out.asIntBuffer().put(ids);
      put(out);
    }
  }

  /** Adds a row. */
  void add(KldRow row) {
    row.write(bytes.clear());
    put(bytes.clear());
  }

  private void put(ByteBuffer out) {
    try {
      while (out.hasRemaining()) {
        channel.write(out);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Gives the file its name, all rows being there. */
  void finish() {
    try {
      channel.force(true);
      Files.move(part, file.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Closes the file; what is not finished is deleted. */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException(
        new IOException("%s cannot be written: %s".formatted(file, e.getMessage()), e));
  }
}
