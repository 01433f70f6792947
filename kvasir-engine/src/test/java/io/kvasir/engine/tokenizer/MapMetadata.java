package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata from a map, for vocabularies that tests make up. Values have the types of the methods.
 */
final class MapMetadata implements Metadata {
  private final Map<String, Object> values;

  MapMetadata(Map<String, Object> values) {
    this.values = new LinkedHashMap<>(values);
  }

  /** A copy with one more, or another, value. */
  MapMetadata with(String key, Object value) {
    MapMetadata copy = new MapMetadata(values);
    copy.values.put(key, value);
    return copy;
  }

  static Strings strings(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] offsets = new int[texts.size() + 1];
    for (int i = 0; i < texts.size(); i++) {
      bytes.writeBytes(texts.get(i).getBytes(StandardCharsets.UTF_8));
      offsets[i + 1] = bytes.size();
    }
    return new Strings(bytes.toByteArray(), offsets);
  }

  private <T> T value(String key, Class<T> type) {
    Object value = values.get(key);
    if (!type.isInstance(value)) {
      throw new ModelFormatException(key + " is " + value + ", expected " + type.getSimpleName());
    }
    return type.cast(value);
  }

  @Override
  public boolean has(String key) {
    return values.containsKey(key);
  }

  @Override
  public String string(String key) {
    return value(key, String.class);
  }

  @Override
  public String string(String key, String otherwise) {
    return has(key) ? string(key) : otherwise;
  }

  @Override
  public long integer(String key, long min, long max) {
    long value = value(key, Number.class).longValue();
    if (value < min || value > max) {
      throw new ModelFormatException("%s is %d, expected %d to %d".formatted(key, value, min, max));
    }
    return value;
  }

  @Override
  public long integer(String key, long min, long max, long otherwise) {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  @Override
  public double real(String key) {
    return value(key, Double.class);
  }

  @Override
  public double real(String key, double otherwise) {
    return has(key) ? real(key) : otherwise;
  }

  @Override
  public boolean bool(String key, boolean otherwise) {
    return has(key) ? value(key, Boolean.class) : otherwise;
  }

  @Override
  public List<String> strings(String key) {
    Strings all = utf8(key);
    return java.util.stream.IntStream.range(0, all.size())
        .mapToObj(
            i ->
                new String(
                    all.bytes(),
                    all.offsets()[i],
                    all.offsets()[i + 1] - all.offsets()[i],
                    StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public Strings utf8(String key) {
    return value(key, Strings.class);
  }

  @Override
  public int[] ints(String key) {
    return value(key, int[].class);
  }

  @Override
  public float[] floats(String key) {
    return value(key, float[].class);
  }

  @Override
  public boolean[] bools(String key) {
    return value(key, boolean[].class);
  }
}
