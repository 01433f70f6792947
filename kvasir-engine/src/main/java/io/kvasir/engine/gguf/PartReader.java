package io.kvasir.engine.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.kernel.TensorType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what precedes the data of a GGUF file, in one pass and in the order of its bytes, all of
 * them little-endian:
 *
 * <pre>
 *   "GGUF"  u32 version (2, 3)  u64 tensors  u64 values
 *   values  times: string key, u32 type, the value
 *   tensors times: string name, u32 dimensions, u64 each of them, u32 type, u64 offset
 *   zeros up to a multiple of general.alignment; here the data begin, offsets count from here
 *
 *   string: u64 length, bytes      array: u32 type, u64 count, that many values, no arrays
 * </pre>
 */
final class PartReader {
  private static final int DEFAULT_ALIGNMENT = 32;

  /** Real files have less than a tenth of these; they keep a hostile one cheap. */
  private static final int MOST_KEYS = 1 << 16;

  private static final int MOST_TENSORS = 1 << 16;
  private static final int MOST_ELEMENTS = 1 << 22;

  private static final int MOST_KEY_BYTES = 65535;
  private static final int MOST_NAME_BYTES = 64;
  private static final int MOST_DIMENSIONS = 4;
  private static final int MOST_ALIGNMENT = 1 << 20;

  /** In an empty tensor: name of one byte, one dimension, type, offset. */
  private static final int LEAST_TENSOR_BYTES = 8 + 1 + 4 + 8 + 4 + 8;

  private final MappedFile file;
  private final Cursor cursor;

  private PartReader(MappedFile file) {
    this.file = file;
    this.cursor = new Cursor(file);
  }

  /**
   * Reads one file.
   *
   * @throws io.kvasir.engine.ModelFormatException it is no sound GGUF file
   */
  static Part read(MappedFile file) {
    return file.read("its header", () -> new PartReader(file).part());
  }

  private Part part() {
    Magic.check(file, cursor);
    long tensorCount = cursor.count("the number of tensors", LEAST_TENSOR_BYTES, MOST_TENSORS);
    long keyCount = cursor.count("the number of keys", 8 + 1 + 4 + 1, MOST_KEYS);
    FileMetadata metadata = new FileMetadata(file, values((int) keyCount));
    Split split = Split.of(metadata);
    int alignment = alignment(metadata);
    List<TensorHeader> headers = headers((int) tensorCount);
    long dataAt = cursor.alignedAt(alignment);
    List<TensorInfo> tensors = new ArrayList<>(headers.size());
    for (TensorHeader h : headers) {
      if ((h.offset() & (alignment - 1)) != 0) {
        throw file.refusal(
            "tensor %s begins at offset %s, expected a multiple of the alignment %d"
                .formatted(h.name(), Long.toUnsignedString(h.offset()), alignment));
      }
      long bytes = cursor.tensorBytes("tensor " + h.name(), h.type(), h.shape());
      long at = cursor.tensorAt("tensor " + h.name(), dataAt, h.offset(), bytes);
      tensors.add(new TensorInfo(h.name(), h.type(), h.shape(), split.number(), at, bytes));
    }
    checkApart(tensors);
    checkEnd(tensors.stream().mapToLong(t -> t.offset() + t.bytes()).max().orElse(dataAt));
    return new Part(file, metadata, split, List.copyOf(tensors), Math.min(dataAt, file.size()));
  }

  private HashMap<String, Value> values(int count) {
    HashMap<String, Value> values = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String key = name("key " + i, MOST_KEY_BYTES);
      if (values.put(key, value(key)) != null) {
        throw file.refusal("the key %s is there twice".formatted(Shown.name(key)));
      }
    }
    return values;
  }

  private Value value(String key) {
    String what = Shown.name(key);
    ValueType type = type(what);
    boolean array = type == ValueType.ARRAY;
    long count = 1;
    if (array) {
      type = type(what);
      if (type == ValueType.ARRAY) {
        throw file.refusal(what + " is an array of arrays, expected plain elements");
      }
      count = cursor.count("the length of " + what, type.leastBytes(), MOST_ELEMENTS);
    }
    long at = cursor.at();
    if (type == ValueType.STRING) {
      for (long i = 0; i < count; i++) {
        cursor.skip(cursor.int64(what), what);
      }
    } else {
      cursor.skip(count * type.leastBytes(), what); // at most MOST_ELEMENTS * 8
    }
    return new Value(type, array, count, at, cursor.at());
  }

  private ValueType type(String key) {
    int id = cursor.int32(key);
    return ValueType.of(id)
        .orElseThrow(
            () ->
                file.refusal(
                    "%s has a value of the unknown type %s, expected 0 to %d"
                        .formatted(
                            key, Integer.toUnsignedString(id), ValueType.values().length - 1)));
  }

  private int alignment(FileMetadata metadata) {
    long alignment = metadata.integer("general.alignment", 1, MOST_ALIGNMENT, DEFAULT_ALIGNMENT);
    if (Long.bitCount(alignment) != 1) {
      throw file.refusal("general.alignment is %d, expected a power of two".formatted(alignment));
    }
    return (int) alignment;
  }

  /** What stands in the header before it is known where the data begin. */
  private record TensorHeader(String name, TensorType type, List<Long> shape, long offset) {}

  private List<TensorHeader> headers(int count) {
    List<TensorHeader> headers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String name = Shown.name(name("the name of tensor " + i, MOST_NAME_BYTES));
      if (!names.add(name)) {
        throw file.refusal("the tensor %s is there twice".formatted(name));
      }
      headers.add(header(name));
    }
    return headers;
  }

  private TensorHeader header(String name) {
    String what = "tensor " + name;
    int dimensions = cursor.int32(what);
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw file.refusal(
          "%s has %s dimensions, expected 1 to %d"
              .formatted(what, Integer.toUnsignedString(dimensions), MOST_DIMENSIONS));
    }
    Long[] shape = new Long[dimensions];
    for (int d = 0; d < dimensions; d++) {
      shape[d] = cursor.int64(what);
      if (shape[d] < 1) {
        throw file.refusal(
            "%s has %s elements in dimension %d, expected 1 to 2^63-1"
                .formatted(what, Long.toUnsignedString(shape[d]), d));
      }
    }
    int id = cursor.int32(what);
    TensorType type =
        GgmlTypes.of(id)
            .orElseThrow(
                () ->
                    file.refusal(
                        "%s has the type %s, expected one of %s"
                            .formatted(
                                what, GgmlTypes.name(id), Arrays.toString(TensorType.values()))));
    return new TensorHeader(name, type, List.of(shape), cursor.int64(what));
  }

  /** A key or a tensor's name. */
  private String name(String what, int most) {
    byte[] utf8 = cursor.text(what, most);
    if (utf8.length == 0) {
      throw file.refusal(what + " is empty");
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw file.refusal("%s is %s, which is not UTF-8".formatted(what, Shown.bytes(utf8)));
    }
  }

  private void checkApart(List<TensorInfo> tensors) {
    List<TensorInfo> sorted = new ArrayList<>(tensors);
    sorted.sort(Comparator.comparingLong(TensorInfo::offset));
    for (int i = 1; i < sorted.size(); i++) {
      TensorInfo before = sorted.get(i - 1);
      TensorInfo after = sorted.get(i);
      if (before.offset() + before.bytes() > after.offset()) { // both ends lie within the file
        throw file.refusal(
            "tensor %s begins at byte %d, but tensor %s before it ends at %d: they overlap"
                .formatted(
                    after.name(), after.offset(), before.name(), before.offset() + before.bytes()));
      }
    }
  }

  /** Padding may follow the data; anything longer belongs to no tensor. */
  private void checkEnd(long dataEnd) {
    if (file.size() - dataEnd > MOST_ALIGNMENT) {
      throw file.refusal(
          "the data of its tensors end at byte %d, the file has %d: expected no more than padding"
              .formatted(dataEnd, file.size()));
    }
  }
}
