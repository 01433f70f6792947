package io.kvasir.engine.tokenizer;

import io.kvasir.engine.gguf.Metadata;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the metadata of a trusted GGUF file, so that this package's tests need no other package.
 */
final class TestGguf {
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private long at = 8;

  private TestGguf(MemorySegment file) {
    this.file = file;
  }

  static Metadata metadata(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(path)) {
      return new TestGguf(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena))
          .read();
    }
  }

  private Metadata read() {
    i64(); // tensors
    long count = i64();
    Map<String, Object> values = new HashMap<>();
    for (long i = 0; i < count; i++) {
      String key = new String(bytes((int) i64()), java.nio.charset.StandardCharsets.UTF_8);
      values.put(key, value(i32()));
    }
    return new MapMetadata(values);
  }

  private Object value(int type) {
    return switch (type) {
      case 0, 1 -> (long) bytes(1)[0];
      case 2, 3 -> (long) (bytes(1)[0] & 0xff | bytes(1)[0] << 8);
      case 4, 5 -> (long) i32();
      case 6 -> (double) Float.intBitsToFloat(i32());
      case 7 -> bytes(1)[0] != 0;
      case 8 -> new String(bytes((int) i64()), java.nio.charset.StandardCharsets.UTF_8);
      case 9 -> array(i32(), (int) i64());
      case 10, 11 -> i64();
      default -> throw new IllegalStateException("type " + type);
    };
  }

  private Object array(int type, int count) {
    switch (type) {
      case 4, 5:
        int[] ints = new int[count];
        Arrays.setAll(ints, i -> i32());
        return ints;
      case 6:
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
          floats[i] = Float.intBitsToFloat(i32());
        }
        return floats;
      case 8:
        byte[] all = new byte[1 << 24];
        int[] offsets = new int[count + 1];
        for (int i = 0; i < count; i++) {
          byte[] text = bytes((int) i64());
          System.arraycopy(text, 0, all, offsets[i], text.length);
          offsets[i + 1] = offsets[i] + text.length;
        }
        return new Metadata.Strings(Arrays.copyOf(all, offsets[count]), offsets);
      default:
        throw new IllegalStateException("array of type " + type);
    }
  }

  private byte[] bytes(int count) {
    byte[] out = file.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
    at += count;
    return out;
  }

  private int i32() {
    at += 4;
    return file.get(I32, at - 4);
  }

  private long i64() {
    at += 8;
    return file.get(I64, at - 8);
  }
}
