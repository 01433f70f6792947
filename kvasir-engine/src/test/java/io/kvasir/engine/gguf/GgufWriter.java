package io.kvasir.engine.gguf;

import io.kvasir.kernel.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes GGUF files for tests: values of every type, tensors from raw bytes, one file or several. A
 * key that is put again replaces its value. Nothing is checked, so that wrong files can be made.
 */
public final class GgufWriter {
  private record Tensor(String name, TensorType type, byte[] data, long[] shape) {}

  private final Map<String, byte[]> values =
      new LinkedHashMap<>(); // type and value, as in the file
  private final List<Tensor> tensors = new ArrayList<>();
  private int version = 3;
  private int alignment = 32;

  public GgufWriter version(int version) {
    this.version = version;
    return this;
  }

  /** Where tensors begin; also written as {@code general.alignment}. */
  public GgufWriter alignment(int alignment) {
    this.alignment = alignment;
    return uint32("general.alignment", alignment);
  }

  public GgufWriter uint8(String key, int value) {
    return value(key, ValueType.UINT8, new LittleEndian().u8(value));
  }

  public GgufWriter int8(String key, int value) {
    return value(key, ValueType.INT8, new LittleEndian().u8(value));
  }

  public GgufWriter uint16(String key, int value) {
    return value(key, ValueType.UINT16, new LittleEndian().u16(value));
  }

  public GgufWriter int16(String key, int value) {
    return value(key, ValueType.INT16, new LittleEndian().u16(value));
  }

  public GgufWriter uint32(String key, int value) {
    return value(key, ValueType.UINT32, new LittleEndian().u32(value));
  }

  public GgufWriter int32(String key, int value) {
    return value(key, ValueType.INT32, new LittleEndian().u32(value));
  }

  public GgufWriter uint64(String key, long value) {
    return value(key, ValueType.UINT64, new LittleEndian().u64(value));
  }

  public GgufWriter int64(String key, long value) {
    return value(key, ValueType.INT64, new LittleEndian().u64(value));
  }

  public GgufWriter float32(String key, float value) {
    return value(key, ValueType.FLOAT32, new LittleEndian().f32(value));
  }

  public GgufWriter float64(String key, double value) {
    return value(key, ValueType.FLOAT64, new LittleEndian().f64(value));
  }

  public GgufWriter bool(String key, boolean value) {
    return value(key, ValueType.BOOL, new LittleEndian().u8(value ? 1 : 0));
  }

  public GgufWriter string(String key, String value) {
    return value(key, ValueType.STRING, new LittleEndian().string(value));
  }

  public GgufWriter strings(String key, List<String> elements) {
    LittleEndian out = new LittleEndian();
    elements.forEach(out::string);
    return array(key, ValueType.STRING, elements.size(), out);
  }

  /** An array of int32. */
  public GgufWriter ints(String key, int... elements) {
    LittleEndian out = new LittleEndian();
    for (int element : elements) {
      out.u32(element);
    }
    return array(key, ValueType.INT32, elements.length, out);
  }

  /** An array of float32. */
  public GgufWriter floats(String key, float... elements) {
    LittleEndian out = new LittleEndian();
    for (float element : elements) {
      out.f32(element);
    }
    return array(key, ValueType.FLOAT32, elements.length, out);
  }

  public GgufWriter bools(String key, boolean... elements) {
    LittleEndian out = new LittleEndian();
    for (boolean element : elements) {
      out.u8(element ? 1 : 0);
    }
    return array(key, ValueType.BOOL, elements.length, out);
  }

  GgufWriter array(String key, ValueType type, long count, LittleEndian elements) {
    LittleEndian out = new LittleEndian().u32(type.ordinal()).u64(count);
    return value(key, ValueType.ARRAY, out.raw(elements.bytes()));
  }

  GgufWriter value(String key, ValueType type, LittleEndian value) {
    values.put(key, new LittleEndian().u32(type.ordinal()).raw(value.bytes()).bytes());
    return this;
  }

  public GgufWriter without(String key) {
    values.remove(key);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param data its blocks as they are to stand in the file
   * @param shape fastest-varying dimension first
   */
  public GgufWriter tensor(String name, TensorType type, byte[] data, long... shape) {
    tensors.add(new Tensor(name, type, data, shape));
    return this;
  }

  /** The whole model as one file. */
  public byte[] bytes() {
    return file(values, tensors);
  }

  public Path write(Path file) {
    return write(file, bytes());
  }

  /**
   * Writes the model as several files, named as {@code gguf-split} names them; all values stand in
   * the first.
   *
   * @return the files in order
   */
  public List<Path> split(Path folder, String stem, int parts) {
    List<Path> files = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Map<String, byte[]> own = new LinkedHashMap<>(part == 0 ? values : Map.of());
      GgufWriter keys =
          new GgufWriter()
              .uint16("split.no", part)
              .uint16("split.count", parts)
              .int32("split.tensors.count", tensors.size());
      keys.values.forEach(own::putIfAbsent); // a test may have put a wrong one
      List<Tensor> slice =
          tensors.subList(part * tensors.size() / parts, (part + 1) * tensors.size() / parts);
      String name = "%s-%05d-of-%05d.gguf".formatted(stem, part + 1, parts);
      files.add(write(folder.resolve(name), file(own, slice)));
    }
    return files;
  }

  private byte[] file(Map<String, byte[]> values, List<Tensor> tensors) {
    LittleEndian out =
        new LittleEndian().ascii("GGUF").u32(version).u64(tensors.size()).u64(values.size());
    values.forEach((key, value) -> out.string(key).raw(value));
    LittleEndian data = new LittleEndian();
    for (Tensor tensor : tensors) {
      out.string(tensor.name()).u32(tensor.shape().length);
      for (long dimension : tensor.shape()) {
        out.u64(dimension);
      }
      out.u32(tensor.type().ggmlId()).u64(data.size());
      data.raw(tensor.data()).pad(alignment);
    }
    return out.pad(alignment).raw(data.bytes()).bytes();
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
