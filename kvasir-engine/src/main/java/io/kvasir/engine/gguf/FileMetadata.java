package io.kvasir.engine.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.engine.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The values of one file, read from it when they are asked for. */
final class FileMetadata implements Metadata {
  private final MappedFile file;
  private final MemorySegment bytes;
  private final Map<String, Value> values;

  /**
   * Keeps the map as it is: of keys with one hash code {@link HashMap} makes a tree, {@link
   * Map#copyOf} a list.
   */
  FileMetadata(MappedFile file, HashMap<String, Value> values) {
    this.file = file;
    this.bytes = file.bytes();
    this.values = values;
  }

  @Override
  public boolean has(String key) {
    return values.containsKey(key);
  }

  @Override
  public String string(String key) {
    return read(key, false, t -> t == ValueType.STRING, "a string", v -> text(key, v.at()));
  }

  @Override
  public String string(String key, String otherwise) {
    return has(key) ? string(key) : otherwise;
  }

  @Override
  public long integer(String key, long min, long max) {
    return read(
        key,
        false,
        ValueType::isInteger,
        "an integer",
        v -> {
          long value = integerAt(v.type(), v.at());
          boolean huge = v.type() == ValueType.UINT64 && value < 0;
          if (huge || value < min || value > max) {
            throw refusal(key, "is " + shown(v.type(), value), bounds(min, max));
          }
          return value;
        });
  }

  private static String bounds(long min, long max) {
    if (min == max) {
      return Long.toString(min);
    }
    return max == Long.MAX_VALUE || max == Integer.MAX_VALUE
        ? "at least " + min
        : min + " to " + max;
  }

  @Override
  public long integer(String key, long min, long max, long otherwise) {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  @Override
  public double real(String key) {
    return read(
        key,
        false,
        ValueType::isReal,
        "a float32 or float64",
        v -> {
          double value = realAt(v.type(), v.at());
          if (!Double.isFinite(value)) {
            throw refusal(key, "is " + value, "a finite number");
          }
          return value;
        });
  }

  @Override
  public double real(String key, double otherwise) {
    return has(key) ? real(key) : otherwise;
  }

  @Override
  public boolean bool(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    return read(key, false, t -> t == ValueType.BOOL, "a bool", v -> boolAt(key, v.at()));
  }

  @Override
  public List<String> strings(String key) {
    return array(
        key,
        t -> t == ValueType.STRING,
        "strings",
        v -> {
          List<String> texts = new ArrayList<>((int) v.count());
          long at = v.at();
          while (at < v.end()) {
            texts.add(text(key, at));
            at += Long.BYTES + bytes.get(Cursor.LONG, at);
          }
          return List.copyOf(texts);
        });
  }

  @Override
  public Strings utf8(String key) {
    return array(
        key,
        t -> t == ValueType.STRING,
        "strings",
        v -> {
          int count = (int) v.count();
          byte[] texts = new byte[(int) (v.end() - v.at() - (long) Long.BYTES * count)];
          int[] offsets = new int[count + 1];
          long at = v.at();
          for (int i = 0; i < count; i++) {
            int length = (int) bytes.get(Cursor.LONG, at);
            at += Long.BYTES;
            MemorySegment.copy(bytes, Cursor.BYTE, at, texts, offsets[i], length);
            at += length;
            offsets[i + 1] = offsets[i] + length;
          }
          return new Strings(texts, offsets);
        });
  }

  @Override
  public int[] ints(String key) {
    return array(
        key,
        ValueType::isInteger,
        "integers",
        v -> {
          int[] ints = new int[(int) v.count()];
          for (int i = 0; i < ints.length; i++) {
            long value = integerAt(v.type(), v.at() + (long) i * v.type().leastBytes());
            if (value != (int) value) {
              throw refusal(
                  "%s[%d]".formatted(key, i),
                  "is " + shown(v.type(), value),
                  "at most " + Integer.MAX_VALUE);
            }
            ints[i] = (int) value;
          }
          return ints;
        });
  }

  @Override
  public float[] floats(String key) {
    return array(
        key,
        ValueType::isReal,
        "floats",
        v -> {
          float[] floats = new float[(int) v.count()];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) realAt(v.type(), v.at() + (long) i * v.type().leastBytes());
          }
          return floats;
        });
  }

  @Override
  public boolean[] bools(String key) {
    return array(
        key,
        t -> t == ValueType.BOOL,
        "bools",
        v -> {
          boolean[] bools = new boolean[(int) v.count()];
          for (int i = 0; i < bools.length; i++) {
            bools[i] = boolAt("%s[%d]".formatted(key, i), v.at() + i);
          }
          return bools;
        });
  }

  private <T> T array(
      String key, Predicate<ValueType> fits, String elements, Function<Value, T> reader) {
    return read(key, true, fits, "an array of " + elements, reader);
  }

  private <T> T read(
      String key,
      boolean array,
      Predicate<ValueType> fits,
      String expected,
      Function<Value, T> reader) {
    @Nullable Value value = values.get(key);
    if (value == null) {
      throw refusal(key, "is missing", expected);
    }
    if (value.array() != array || !fits.test(value.type())) {
      throw refusal(key, "is " + value, expected);
    }
    return file.read(key, () -> reader.apply(value));
  }

  private ModelFormatException refusal(String key, String found, String expected) {
    return file.refusal("%s %s, expected %s".formatted(key, found, expected));
  }

  private String text(String key, long at) {
    byte[] utf8 = bytes.asSlice(at + Long.BYTES, bytes.get(Cursor.LONG, at)).toArray(Cursor.BYTE);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw refusal(key, "holds the bytes " + Shown.bytes(utf8), "UTF-8");
    }
  }

  /** Of a uint64, the bits. */
  private long integerAt(ValueType type, long at) {
    return switch (type) {
      case UINT8 -> bytes.get(Cursor.BYTE, at) & 0xff;
      case INT8 -> bytes.get(Cursor.BYTE, at);
      case UINT16 -> bytes.get(Cursor.SHORT, at) & 0xffff;
      case INT16 -> bytes.get(Cursor.SHORT, at);
      case UINT32 -> bytes.get(Cursor.INT, at) & 0xffffffffL;
      case INT32 -> bytes.get(Cursor.INT, at);
      case UINT64, INT64 -> bytes.get(Cursor.LONG, at);
      default -> throw new IllegalArgumentException(type + " is no integer");
    };
  }

  private static String shown(ValueType type, long value) {
    return type == ValueType.UINT64 ? Long.toUnsignedString(value) : Long.toString(value);
  }

  private double realAt(ValueType type, long at) {
    return type == ValueType.FLOAT32
        ? Float.intBitsToFloat(bytes.get(Cursor.INT, at))
        : Double.longBitsToDouble(bytes.get(Cursor.LONG, at));
  }

  private boolean boolAt(String key, long at) {
    int value = bytes.get(Cursor.BYTE, at) & 0xff;
    if (value > 1) {
      throw refusal(key, "is " + value, "0 or 1");
    }
    return value == 1;
  }
}
