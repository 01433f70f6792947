package io.kvasir.engine.gguf;

import io.kvasir.engine.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.function.Supplier;

/** One regular file, mapped for reading. Safe to use from several threads until it is closed. */
final class MappedFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(Path path, FileChannel channel, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.channel = channel;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a whole file; nothing of it is read yet.
   *
   * @throws ModelFormatException not a regular file, empty, or it cannot be opened
   * @throws UncheckedIOException there is no such file
   */
  static MappedFile open(Path path) {
    Arena arena = Arena.ofShared();
    boolean done = false;
    try {
      // Before opening: to open a pipe would wait for its writer.
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new ModelFormatException(
            "%s is %s, expected a GGUF file"
                .formatted(path, attributes.isDirectory() ? "a directory" : "not a regular file"));
      }
      if (attributes.size() == 0) {
        throw new ModelFormatException(path + ": the file is empty, expected a GGUF file");
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        done = true;
        return new MappedFile(path, channel, arena, bytes);
      } finally {
        if (!done) {
          channel.close();
        }
      }
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(e);
    } catch (IOException e) {
      throw new ModelFormatException("%s cannot be read: %s".formatted(path, e), e);
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }

  Path path() {
    return path;
  }

  MemorySegment bytes() {
    return bytes;
  }

  long size() {
    return bytes.byteSize();
  }

  ModelFormatException refusal(String sentence) {
    return new ModelFormatException(path + ": " + sentence);
  }

  /**
   * Runs whatever looks at the bytes. A file can be cut while it is mapped: its pages are then
   * gone, and the virtual machine throws an {@link InternalError}; what is left of the last page
   * reads as zeros without any error.
   *
   * @throws ModelFormatException the file is shorter now than it was when it was opened
   */
  <T> T read(String what, Supplier<T> reader) {
    try {
      T result = reader.get();
      long now = channel.size(); // also where a late InternalError would arrive at the latest
      if (now < size()) {
        throw refusal(
            "the file had %d bytes and has %d now: %s is lost".formatted(size(), now, what));
      }
      return result;
    } catch (InternalError e) {
      if (Objects.requireNonNullElse(e.getMessage(), "").contains("unsafe memory access")) {
        throw new ModelFormatException(
            "%s: %s cannot be read: the file was cut while in use, or its disk fails"
                .formatted(path, what),
            e);
      }
      throw e;
    } catch (IOException e) {
      throw new ModelFormatException("%s cannot be read: %s".formatted(path, e), e);
    }
  }

  @Override
  public void close() {
    arena.close();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
