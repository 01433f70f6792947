package io.kvasir.engine.gguf;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kvasir.kernel.TensorType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files whose tensors are wrong, each with the sentence that refuses it. */
class HostileTensorsTest {
  private static final String TYPES = Arrays.toString(TensorType.values());
  private static final int F32 = TensorType.F32.ggmlId();
  private static final int Q4_K = TensorType.Q4_K.ggmlId();
  private static final long MOST = Long.MAX_VALUE;

  @TempDir Path folder;

  private static LittleEndian header(long tensors) {
    return new LittleEndian().ascii("GGUF").u32(3).u64(tensors).u64(0);
  }

  private static LittleEndian tensor(
      LittleEndian out, String name, int type, long offset, long... shape) {
    out.string(name).u32(shape.length);
    for (long dimension : shape) {
      out.u64(dimension);
    }
    return out.u32(type).u64(offset);
  }

  /** A file of this one tensor and 256 bytes of data, which begin at byte 96 at the latest. */
  private static LittleEndian file(int type, long offset, long... shape) {
    return tensor(header(1), "t", type, offset, shape).pad(32).zeros(256);
  }

  private static LittleEndian two(long firstOffset, long secondOffset, long elements) {
    LittleEndian out = tensor(header(2), "a", F32, firstOffset, elements);
    return tensor(out, "b", F32, secondOffset, elements).pad(32).zeros(256);
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        arguments(file(F32, 0), "tensor t has 0 dimensions, expected 1 to 4"),
        arguments(file(F32, 0, 1, 1, 1, 1, 1), "tensor t has 5 dimensions, expected 1 to 4"),
        arguments(
            header(1).string("t").u32(-1).zeros(64),
            "tensor t has 4294967295 dimensions, expected 1 to 4"),
        arguments(file(F32, 0, 0), "tensor t has 0 elements in dimension 0, expected 1 to 2^63-1"),
        arguments(
            file(F32, 0, 8, 0), "tensor t has 0 elements in dimension 1, expected 1 to 2^63-1"),
        arguments(
            file(F32, 0, -1),
            "tensor t has 18446744073709551615 elements in dimension 0, expected 1 to 2^63-1"),
        arguments(
            file(Q4_K, 0, 255), "tensor t has rows of 255 elements, Q4_K needs a multiple of 256"),
        arguments(
            file(F32, 0, 1L << 32, 1L << 32),
            "tensor t has the shape [4294967296, 4294967296], more than 2^63 elements or bytes"),
        arguments(
            file(F32, 0, MOST),
            "tensor t has the shape [9223372036854775807], more than 2^63 elements or bytes"),
        arguments(
            file(Q4_K, 0, 1L << 62, 3),
            "tensor t has the shape [4611686018427387904, 3], more than 2^63 elements or bytes"),
        arguments(
            file(F32, 0, 1 << 16, 1 << 16, 1 << 16, 1 << 16),
            "tensor t has the shape [65536, 65536, 65536, 65536], more than 2^63 elements or"
                + " bytes"));
  }

  static Stream<Arguments> types() {
    return Stream.of(
        arguments(file(23, 0, 32), "tensor t has the type IQ4_XS (23), expected one of " + TYPES),
        arguments(file(39, 0, 32), "tensor t has the type MXFP4 (39), expected one of " + TYPES),
        arguments(file(26, 0, 32), "tensor t has the type I32 (26), expected one of " + TYPES),
        arguments(file(777, 0, 32), "tensor t has the type 777, expected one of " + TYPES),
        arguments(file(-1, 0, 32), "tensor t has the type 4294967295, expected one of " + TYPES));
  }

  static Stream<Arguments> places() {
    return Stream.of(
        arguments(file(F32, 0, 65), "tensor t ends at byte 324, the file has 320: truncated?"),
        arguments(file(F32, 32, 64), "tensor t ends at byte 352, the file has 320: truncated?"),
        arguments(
            file(F32, 1L << 62, 64),
            "tensor t ends at byte 4611686018427388224, the file has 320: truncated?"),
        arguments(
            file(F32, MOST - 31, 64),
            "tensor t begins 9223372036854775776 bytes into the data and takes 256, the file has"
                + " 320: truncated?"),
        arguments(
            file(F32, -32, 64),
            "tensor t begins 18446744073709551584 bytes into the data and takes 256, the file has"
                + " 320: truncated?"),
        arguments(
            file(F32, 0, (1L << 61) - 1),
            "tensor t begins 0 bytes into the data and takes 9223372036854775804, the file has 320:"
                + " truncated?"),
        arguments(
            file(F32, 4, 8),
            "tensor t begins at offset 4, expected a multiple of the alignment 32"),
        arguments(
            two(0, 32, 16),
            "tensor b begins at byte 128, but tensor a before it ends at 160: they overlap"),
        arguments(
            two(64, 64, 16),
            "tensor b begins at byte 160, but tensor a before it ends at 224: they overlap"),
        arguments(
            two(32, 0, 16),
            "tensor a begins at byte 128, but tensor b before it ends at 160: they overlap"));
  }

  static Stream<Arguments> names() {
    LittleEndian twice = tensor(tensor(header(2), "t", F32, 0, 1), "t", F32, 32, 1);
    return Stream.of(
        arguments(twice.pad(32).zeros(64), "the tensor t is there twice"),
        arguments(
            tensor(header(1), "", F32, 0, 1).pad(32).zeros(64), "the name of tensor 0 is empty"),
        arguments(
            tensor(header(1), "n".repeat(65), F32, 0, 1).pad(32).zeros(64),
            "the length of the name of tensor 0 is 65, expected at most 64"),
        arguments(
            header(1).u64(1).u8(0xff).u32(1).u64(1).u32(F32).u64(0).zeros(64),
            "the name of tensor 0 is ff, which is not UTF-8"),
        arguments(
            header(1).u64(1L << 63).zeros(64),
            "the length of the name of tensor 0 at byte 24 is 9223372036854775808, but only 64 bytes"
                + " follow: truncated?"));
  }

  @ParameterizedTest
  @MethodSource({"shapes", "types", "places", "names"})
  void aWrongTensorIsRefused(LittleEndian file, String sentence) {
    Refusals.refused(folder, file.bytes(), sentence);
  }

  @Test
  void aRepeatedNameIsFoundAmongMany() {
    int count = 60_000;
    LittleEndian file = header(count);
    for (int i = 0; i < count; i++) {
      tensor(file, "t" + i % (count - 1), F32, 32L * i, 1);
    }
    Refusals.refused(folder, file.zeros(32L * count).bytes(), "the tensor t0 is there twice");
  }

  @Test
  void anOverlapIsFoundAmongMany() {
    int count = 60_000;
    LittleEndian file = header(count);
    for (int i = 0; i < count; i++) {
      tensor(file, "t" + i, F32, 32L * (i == 7 ? 30_000 : i), 1);
    }
    long begin = file.pad(32).size() + 32L * 30_000;
    Refusals.refused(
        folder,
        file.zeros(32L * count).bytes(),
        "tensor t30000 begins at byte %d, but tensor t7 before it ends at %d: they overlap"
            .formatted(begin, begin + 4));
  }
}
