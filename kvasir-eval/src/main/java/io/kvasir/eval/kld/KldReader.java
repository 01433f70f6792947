package io.kvasir.eval.kld;

import io.kvasir.eval.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@code .kld} file from front to back: its shape, its tokens, row after row. */
final class KldReader implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final KldShape shape;
  private final KldText text;
  private final KldRow row;
  private final ByteBuffer bytes;
  private int read; // rows

  private KldReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    if (channel.size() < KldShape.HEADER_BYTES) {
      throw new InputException(
          "%s has %d bytes; expected a .kld file of llama.cpp".formatted(file, channel.size()));
    }
    shape = KldShape.read(file, fill(ByteBuffer.allocate(KldShape.HEADER_BYTES)), channel.size());
    text = text();
    row = new KldRow(shape.vocabulary());
    bytes = ByteBuffer.allocate(shape.rowBytes());
  }

  /**
   * Opens a file and checks all but its rows.
   *
   * @throws InputException it is no regular file, no such file, or damaged
   */
  static KldReader open(Path file) {
    if (!Files.isRegularFile(file)) { // a pipe would block
      throw new InputException(file + " is not a regular file; expected a .kld file of llama.cpp");
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      boolean done = false;
      try {
        KldReader reader = new KldReader(file, channel);
        done = true;
        return reader;
      } finally {
        if (!done) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private KldText text() throws IOException {
    List<int[]> chunks = new ArrayList<>();
    for (int c = 0; c < shape.chunks(); c++) {
      int[] ids = new int[shape.tokens()];
      fill(ByteBuffer.allocate(Integer.BYTES * ids.length)).asIntBuffer().get(ids);
      for (int id : ids) {
        if (id < 0 || id >= shape.vocabulary()) {
          throw new InputException(
              "%s: chunk %d holds token %d; expected 0 to %d"
                  .formatted(file, c, id, shape.vocabulary() - 1));
        }
      }
      chunks.add(ids);
    }
    return new KldText(shape.tokens(), chunks);
  }

  /** Of the file's rows and tokens. */
  KldShape shape() {
    return shape;
  }

  /** All its chunks. */
  KldText tokens() {
    return text;
  }

  Path file() {
    return file;
  }

  /**
   * The next row, valid until the one after it.
   *
   * @throws InputException it holds no probabilities
   */
  KldRow next() {
    try {
      row.read(fill(bytes.clear()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!row.isSound()) {
      throw new InputException(
          "%s: row %d holds no logarithms of probabilities; damaged?".formatted(file, read));
    }
    read++;
    return row;
  }

  private ByteBuffer fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException(file + " was cut while it was read");
      }
    }
    return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
