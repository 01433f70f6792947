package io.kvasir.engine.gguf;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.kernel.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Reads a file from its start, and does all arithmetic on numbers that come from it: each is
 * compared with the bytes that are left before anyone adds, multiplies or allocates with it.
 */
final class Cursor {
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Ten times what a vocabulary of 262,144 tokens takes; it keeps hostile headers cheap. */
  private static final int MOST_HEADER_BYTES = 1 << 26;

  private final MappedFile file;
  private final MemorySegment bytes;
  private long at;

  Cursor(MappedFile file) {
    this.file = file;
    this.bytes = file.bytes();
  }

  /** Bytes before this position; at most the size of the file. */
  long at() {
    return at;
  }

  private long left() {
    return file.size() - at;
  }

  /**
   * Passes over some bytes.
   *
   * @param what whose bytes they are
   * @return where they begin
   * @throws ModelFormatException the file has fewer
   */
  long skip(long count, String what) {
    if (count < 0 || count > left()) {
      throw file.refusal(
          "%s takes %s bytes from byte %d on, the file has %d: truncated?"
              .formatted(what, Long.toUnsignedString(count), at, file.size()));
    }
    if (count > MOST_HEADER_BYTES - at) {
      throw file.refusal(
          "%s takes %d bytes from byte %d on, expected all before the data in the first %d"
              .formatted(what, count, at, MOST_HEADER_BYTES));
    }
    long from = at;
    at += count;
    return from;
  }

  int int32(String what) {
    return bytes.get(INT, skip(Integer.BYTES, what));
  }

  long int64(String what) {
    return bytes.get(LONG, skip(Long.BYTES, what));
  }

  /**
   * Reads how many things follow.
   *
   * @param leastBytes that each of them takes
   * @param most that Kvasir accepts
   */
  long count(String what, int leastBytes, long most) {
    long from = at;
    long count = int64(what);
    if (count < 0 || count > left() / leastBytes) {
      throw file.refusal(
          "%s at byte %d is %s, but only %d bytes follow: truncated?"
              .formatted(what, from, Long.toUnsignedString(count), left()));
    }
    if (count > most) {
      throw file.refusal("%s is %d, expected at most %d".formatted(what, count, most));
    }
    return count;
  }

  /** Reads a length and as many bytes. */
  byte[] text(String what, int most) {
    long length = count("the length of " + what, 1, most);
    return bytes.asSlice(skip(length, what), length).toArray(BYTE);
  }

  /** The first multiple of {@code alignment}, a power of two, that is not before this position. */
  long alignedAt(int alignment) {
    return (at + alignment - 1) & -alignment;
  }

  /**
   * The bytes of a tensor of this shape.
   *
   * @param shape every dimension at least 1
   */
  long tensorBytes(String name, TensorType type, List<Long> shape) {
    if (shape.getFirst() % type.blockElements() != 0) {
      throw file.refusal(
          "%s has rows of %d elements, %s needs a multiple of %d"
              .formatted(name, shape.getFirst(), type, type.blockElements()));
    }
    try {
      long total = shape.getFirst() / type.blockElements();
      for (long rows : shape.subList(1, shape.size())) {
        total = Math.multiplyExact(total, rows);
      }
      Math.multiplyExact(total, type.blockElements()); // the number of elements must fit, too
      return Math.multiplyExact(total, type.blockBytes());
    } catch (ArithmeticException e) {
      throw new ModelFormatException(
          "%s: %s has the shape %s, more than 2^63 elements or bytes"
              .formatted(file.path(), name, shape),
          e);
    }
  }

  /** Where a tensor begins in the file, from where the data begin and its offset among them. */
  long tensorAt(String name, long dataAt, long offset, long tensorBytes) {
    if (offset < 0 || offset > Long.MAX_VALUE - dataAt - tensorBytes) {
      // tensorBytes alone may leave no room: both are named
      throw file.refusal(
          "%s begins %s bytes into the data and takes %d, the file has %d: truncated?"
              .formatted(name, Long.toUnsignedString(offset), tensorBytes, file.size()));
    }
    long end = dataAt + offset + tensorBytes;
    if (end > file.size()) {
      throw file.refusal(
          "%s ends at byte %d, the file has %d: truncated?".formatted(name, end, file.size()));
    }
    return dataAt + offset;
  }
}
