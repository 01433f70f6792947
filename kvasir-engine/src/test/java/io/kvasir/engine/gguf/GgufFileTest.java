package io.kvasir.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.Models;
import io.kvasir.kernel.TensorType;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufFileTest {
  @TempDir Path folder;

  private GgufFile open(GgufWriter writer) {
    return GgufFile.open(writer.write(folder.resolve("m.gguf")));
  }

  private static byte[] random(long bytes, int seed) {
    byte[] data = new byte[Math.toIntExact(bytes)];
    new Random(seed).nextBytes(data);
    return data;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void everyTypeOfValueComesBack(int version) {
    GgufWriter writer =
        new GgufWriter()
            .version(version)
            .uint8("u8", 255)
            .int8("i8", -128)
            .uint16("u16", 65535)
            .int16("i16", -32768)
            .uint32("u32", -1)
            .int32("i32", Integer.MIN_VALUE)
            .uint64("u64", Long.MAX_VALUE)
            .int64("i64", Long.MIN_VALUE)
            .float32("f32", 1.5f)
            .float64("f64", -0.1)
            .bool("yes", true)
            .bool("no", false)
            .string("text", "Grüße, 世界 😀")
            .strings("texts", List.of("a", "", "ü"))
            .ints("ints", 1, -2, Integer.MAX_VALUE)
            .floats("floats", 0, -1.25f, Float.NEGATIVE_INFINITY)
            .bools("bools", true, false);
    try (GgufFile file = open(writer)) {
      Metadata m = file.metadata();
      long min = Long.MIN_VALUE;
      long max = Long.MAX_VALUE;
      assertThat(m.integer("u8", min, max)).isEqualTo(255);
      assertThat(m.integer("i8", min, max)).isEqualTo(-128);
      assertThat(m.integer("u16", min, max)).isEqualTo(65535);
      assertThat(m.integer("i16", min, max)).isEqualTo(-32768);
      assertThat(m.integer("u32", min, max)).isEqualTo(0xffffffffL);
      assertThat(m.integer("i32", min, max)).isEqualTo(Integer.MIN_VALUE);
      assertThat(m.integer("u64", min, max)).isEqualTo(Long.MAX_VALUE);
      assertThat(m.integer("i64", min, max)).isEqualTo(Long.MIN_VALUE);
      assertThat(m.real("f32")).isEqualTo(1.5);
      assertThat(m.real("f64")).isEqualTo(-0.1);
      assertThat(m.bool("yes", false)).isTrue();
      assertThat(m.bool("no", true)).isFalse();
      assertThat(m.string("text")).isEqualTo("Grüße, 世界 😀");
      assertThat(m.strings("texts")).containsExactly("a", "", "ü");
      assertThat(m.utf8("texts").bytes()).isEqualTo("aü".getBytes(StandardCharsets.UTF_8));
      assertThat(m.utf8("texts").offsets()).containsExactly(0, 1, 1, 3);
      assertThat(m.ints("ints")).containsExactly(1, -2, Integer.MAX_VALUE);
      assertThat(m.floats("floats")).containsExactly(0, -1.25f, Float.NEGATIVE_INFINITY);
      assertThat(m.bools("bools")).containsExactly(true, false);
      assertThat(m.has("u8")).isTrue();
      assertThat(m.has("other")).isFalse();
    }
  }

  @Test
  void defaultsStandForAbsentKeysOnly() {
    try (GgufFile file = open(new GgufWriter().uint32("there", 1).string("text", "t"))) {
      Metadata m = file.metadata();
      assertThat(m.integer("there", 0, 9, 7)).isEqualTo(1);
      assertThat(m.integer("absent", 0, 9, 7)).isEqualTo(7);
      assertThat(m.real("absent", 0.5)).isEqualTo(0.5);
      assertThat(m.string("text", "other")).isEqualTo("t");
      assertThat(m.string("absent", "other")).isEqualTo("other");
      assertThat(m.bool("absent", true)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void tensorsOfEveryTypeComeBack(TensorType type) {
    byte[] first = random(3L * 2 * type.blockBytes(), 1);
    byte[] second = random(type.blockBytes(), 2);
    GgufWriter writer =
        new GgufWriter()
            .tensor("first", type, first, 2L * type.blockElements(), 3)
            .tensor("second", type, second, type.blockElements());
    try (GgufFile file = open(writer)) {
      assertThat(file.tensors()).extracting(TensorInfo::name).containsExactly("first", "second");
      TensorInfo info = file.tensor("first").orElseThrow();
      assertThat(info.type()).isEqualTo(type);
      assertThat(info.shape()).containsExactly(2L * type.blockElements(), 3L);
      assertThat(info.elements()).isEqualTo(6L * type.blockElements());
      assertThat(bytes(file, "first")).isEqualTo(first);
      assertThat(bytes(file, "second")).isEqualTo(second);
      assertThat(file.tensor("third")).isEmpty();
    }
  }

  private static byte[] bytes(GgufFile file, String name) {
    return file.read(
        file.tensor(name).orElseThrow(),
        data -> data.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 64, 4096})
  void theFileSaysHowItsTensorsAreAligned(int alignment) {
    GgufWriter writer =
        new GgufWriter()
            .alignment(alignment)
            .tensor("a", TensorType.F16, random(6, 1), 3)
            .tensor("b", TensorType.F32, random(8, 2), 2);
    try (GgufFile file = open(writer)) {
      assertThat(file.tensor("a").orElseThrow().offset() % alignment).isZero();
      assertThat(file.tensor("b").orElseThrow().offset() % alignment).isZero();
      assertThat(bytes(file, "b")).isEqualTo(random(8, 2));
    }
  }

  @Test
  void theLastTensorNeedsNoPadding() throws Exception {
    byte[] whole = new GgufWriter().tensor("a", TensorType.F32, random(4, 1), 1).bytes();
    Path path = folder.resolve("m.gguf");
    Files.write(path, java.util.Arrays.copyOf(whole, whole.length - 28));
    try (GgufFile file = GgufFile.open(path)) {
      assertThat(bytes(file, "a")).isEqualTo(random(4, 1));
      assertThat(file.bytes()).isEqualTo(whole.length - 28);
    }
  }

  @Test
  void theFingerprintIsThatOfTheContent() {
    byte[] data = random(4096, 1);
    GgufWriter writer = new GgufWriter().string("k", "v").tensor("a", TensorType.F32, data, 1024);
    String print = fingerprint(writer);
    assertThat(print).hasSize(64).isEqualTo(fingerprint(writer));
    assertThat(fingerprint(writer.string("k", "w"))).isNotEqualTo(print);
    data[2048] ^= 1;
    assertThat(fingerprint(writer.string("k", "v"))).isNotEqualTo(print);
  }

  private String fingerprint(GgufWriter writer) {
    try (GgufFile file = open(writer)) {
      return file.fingerprint();
    }
  }

  @Test
  void closingEndsTheSegments() {
    GgufFile file = open(new GgufWriter().tensor("a", TensorType.F32, random(4, 1), 1));
    MemorySegment data = file.data(file.tensors().getFirst());
    file.close();
    assertThat(data.scope().isAlive()).isFalse();
  }

  @Test
  void wrongTypesAndBoundsAreNamedWithTheirKey() {
    GgufWriter writer =
        new GgufWriter()
            .uint32("llama.block_count", 0)
            .uint64("huge", -1)
            .int8("small", -3)
            .float32("eps", Float.NaN)
            .string("name", "n")
            .ints("counts", 1)
            .value("flag", ValueType.BOOL, new LittleEndian().u8(2))
            .value("latin", ValueType.STRING, new LittleEndian().u64(1).u8(0xe9))
            .array("flags", ValueType.BOOL, 2, new LittleEndian().u8(1).u8(255))
            .array("wide", ValueType.UINT64, 2, new LittleEndian().u64(1).u64(1L << 31));
    try (GgufFile file = open(writer)) {
      Metadata m = file.metadata();
      refused(
          () -> m.integer("llama.block_count", 1, 512),
          "m.gguf: llama.block_count is 0, expected 1 to 512");
      refused(
          () -> m.integer("small", 0, Integer.MAX_VALUE),
          "m.gguf: small is -3, expected at least 0");
      refused(() -> m.integer("small", 7, 7), "m.gguf: small is -3, expected 7");
      refused(
          () -> m.integer("huge", 0, 9), "m.gguf: huge is 18446744073709551615, expected 0 to 9");
      refused(() -> m.integer("absent", 0, 9), "m.gguf: absent is missing, expected an integer");
      refused(() -> m.integer("name", 0, 9), "m.gguf: name is a string, expected an integer");
      refused(
          () -> m.integer("counts", 0, 9),
          "m.gguf: counts is an array of 1 int32s, expected an integer");
      refused(() -> m.real("eps"), "m.gguf: eps is NaN, expected a finite number");
      refused(() -> m.real("small", 1), "m.gguf: small is an int8, expected a float32 or float64");
      refused(() -> m.bool("flag", true), "m.gguf: flag is 2, expected 0 or 1");
      refused(() -> m.bools("flags"), "m.gguf: flags[1] is 255, expected 0 or 1");
      refused(() -> m.string("latin"), "m.gguf: latin holds the bytes e9, expected UTF-8");
      refused(() -> m.string("small", ""), "m.gguf: small is an int8, expected a string");
      refused(() -> m.strings("name"), "m.gguf: name is a string, expected an array of strings");
      refused(() -> m.ints("wide"), "m.gguf: wide[1] is 2147483648, expected at most 2147483647");
      refused(
          () -> m.floats("counts"),
          "m.gguf: counts is an array of 1 int32s, expected an array of floats");
    }
  }

  private static void refused(Runnable reading, String sentence) {
    assertThatThrownBy(reading::run)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(sentence);
  }

  @Test
  void noFileIsNoFormatError() {
    assertThatThrownBy(() -> GgufFile.open(folder.resolve("absent.gguf")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("absent.gguf");
  }

  @Test
  @Tag("model")
  void aRealModelOpens() {
    try (GgufFile file = GgufFile.open(Models.require("smollm2-135m-instruct"))) {
      assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
      assertThat(file.metadata().integer("llama.block_count", 1, 99)).isEqualTo(30);
      assertThat(file.metadata().utf8("tokenizer.ggml.tokens").size()).isEqualTo(49152);
      TensorInfo embedding = file.tensor("token_embd.weight").orElseThrow();
      assertThat(embedding.shape()).containsExactly(576L, 49152L);
    }
  }
}
