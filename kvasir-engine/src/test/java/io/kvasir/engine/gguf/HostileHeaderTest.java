package io.kvasir.engine.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files whose start, keys or values are wrong, each with the sentence that refuses it. */
class HostileHeaderTest {
  private static final int STRING = ValueType.STRING.ordinal();
  private static final int ARRAY = ValueType.ARRAY.ordinal();
  private static final int UINT32 = ValueType.UINT32.ordinal();

  @TempDir Path folder;

  private static LittleEndian header(long tensors, long keys) {
    return new LittleEndian().ascii("GGUF").u32(3).u64(tensors).u64(keys);
  }

  /** A file of one key, whose type and value follow. */
  private static LittleEndian key(String name) {
    return header(0, 1).string(name);
  }

  private static byte[] alignment(int value) {
    return new GgufWriter().uint32("general.alignment", value).bytes();
  }

  static Stream<Arguments> starts() {
    String safetensors = "\u0010\0\0\0\0\0\0\0{\"a\":{}}        ";
    return Stream.of(
        arguments("GG", "not a GGUF file but one that starts with the bytes 47 47"),
        arguments(
            "hello world",
            "not a GGUF file but one that starts with the bytes 68 65 6c 6c 6f 20 77 6f"),
        arguments(
            "PK\3\4 and so on", "not a GGUF file but a zip archive, perhaps a PyTorch checkpoint"),
        arguments(safetensors, "not a GGUF file but a safetensors file: convert it with llama.cpp"),
        arguments(
            "\n<!DOCTYPE html><html>",
            "not a GGUF file but a web page, perhaps an error of the server it came from"),
        arguments("{\"error\": 1}", "not a GGUF file but JSON text"),
        arguments(
            "version https://git-lfs.github.com/spec/v1\n",
            "not a GGUF file but a Git LFS pointer: the model itself was not downloaded"),
        arguments(
            "tjgg\3\0\0\0",
            "not a GGUF file but a GGML file from before GGUF: convert it with llama.cpp"),
        arguments("\u001f\u008b\b\0", "not a GGUF file but gzip-compressed: unpack it first"),
        arguments("\0".repeat(100), "not a GGUF file but zeros, perhaps an unfinished download"),
        arguments(
            "FUGG\0\0\0\3", "not a GGUF file but a big-endian GGUF file, expected little-endian"),
        arguments("GGUF\0\0\0\3", "a big-endian GGUF file, expected little-endian"),
        arguments("GGUF\1\0\0\0", "GGUF version 1, expected 2 or 3"),
        arguments("GGUF\4\0\0\0", "GGUF version 4, expected 2 or 3"),
        arguments("GGUF\0\0\0\0", "GGUF version 0, expected 2 or 3"),
        arguments("GGUF\u00ff\u00ff\u00ff\u00ff", "GGUF version 4294967295, expected 2 or 3"),
        arguments(
            "GGUF\3\0\0\0\1",
            "the number of tensors takes 8 bytes from byte 8 on, the file has 9: truncated?"));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void aWrongStartIsNamed(String start, String sentence) {
    Refusals.refused(folder, start.getBytes(ISO_8859_1), sentence);
  }

  static Stream<Arguments> counts() {
    long most = Long.MAX_VALUE;
    return Stream.of(
        arguments(
            header(most, 0),
            "the number of tensors at byte 8 is 9223372036854775807, but only 8 bytes follow: truncated?"),
        arguments(
            header(-1, 0),
            "the number of tensors at byte 8 is 18446744073709551615, but only 8 bytes follow: truncated?"),
        arguments(
            header(0, Long.MIN_VALUE),
            "the number of keys at byte 16 is 9223372036854775808, but only 0 bytes follow: truncated?"),
        arguments(
            header(0, 2).zeros(27),
            "the number of keys at byte 16 is 2, but only 27 bytes follow: truncated?"),
        arguments(
            header(0, 100_000).zeros(1_400_000),
            "the number of keys is 100000, expected at most 65536"),
        arguments(
            header(100_000, 0).zeros(4_200_000),
            "the number of tensors is 100000, expected at most 65536"));
  }

  static Stream<Arguments> keys() {
    byte[] notUtf8 = {'a', (byte) 0xc0, (byte) 0x80};
    return Stream.of(
        arguments(header(0, 1).zeros(64), "key 0 is empty"),
        arguments(
            header(0, 1).u64(Long.MAX_VALUE).zeros(64),
            "the length of key 0 at byte 24 is 9223372036854775807, but only 64 bytes follow:"
                + " truncated?"),
        arguments(
            header(0, 1).u64(-8).zeros(64),
            "the length of key 0 at byte 24 is 18446744073709551608, but only 64 bytes follow:"
                + " truncated?"),
        arguments(
            header(0, 1).u64(65536).zeros(65600),
            "the length of key 0 is 65536, expected at most 65535"),
        arguments(
            header(0, 1).u64(3).raw(notUtf8).zeros(8), "key 0 is 61 c0 80, which is not UTF-8"),
        arguments(
            header(0, 2).string("k").u32(UINT32).u32(1).string("k").u32(UINT32).u32(1),
            "the key k is there twice"));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments(
            key("k").u32(13).zeros(64), "k has a value of the unknown type 13, expected 0 to 12"),
        arguments(
            key("k").u32(-1).zeros(64),
            "k has a value of the unknown type 4294967295, expected 0 to 12"),
        arguments(
            key("k").u32(UINT32).u16(0),
            "k takes 4 bytes from byte 37 on, the file has 39: truncated?"),
        arguments(
            key("k").u32(STRING).u64(1L << 62),
            "k takes 4611686018427387904 bytes from byte 45 on, the file has 45: truncated?"),
        arguments(
            key("k").u32(STRING).u64(-1),
            "k takes 18446744073709551615 bytes from byte 45 on, the file has 45: truncated?"),
        arguments(
            key("k").u32(STRING).u64(70_000_000).zeros(70_000_000),
            "k takes 70000000 bytes from byte 45 on, expected all before the data in the first"
                + " 67108864"));
  }

  static Stream<Arguments> arrays() {
    LittleEndian array = key("k").u32(ARRAY);
    LittleEndian nested = key("k").u32(ARRAY).u32(ARRAY).u64(1).u32(ARRAY).u64(1).zeros(64);
    LittleEndian deep = key("k").u32(ARRAY);
    for (int i = 0; i < 100_000; i++) {
      deep.u32(ARRAY).u64(1);
    }
    return Stream.of(
        arguments(
            array.u32(99).zeros(64), "k has a value of the unknown type 99, expected 0 to 12"),
        arguments(nested, "k is an array of arrays, expected plain elements"),
        arguments(deep, "k is an array of arrays, expected plain elements"),
        arguments(
            key("k").u32(ARRAY).u32(UINT32).u64(1L << 62).zeros(64),
            "the length of k at byte 41 is 4611686018427387904, but only 64 bytes follow:"
                + " truncated?"),
        arguments(
            key("k").u32(ARRAY).u32(UINT32).u64(-1).zeros(64),
            "the length of k at byte 41 is 18446744073709551615, but only 64 bytes follow:"
                + " truncated?"),
        arguments(
            key("k").u32(ARRAY).u32(0).u64(5_000_000).zeros(5_000_000),
            "the length of k is 5000000, expected at most 4194304"),
        arguments(
            key("k").u32(ARRAY).u32(STRING).u64(3).string("a").u64(Long.MAX_VALUE).u64(0).u64(0),
            "k takes 9223372036854775807 bytes from byte 66 on, the file has 82: truncated?"));
  }

  static Stream<Arguments> alignments() {
    String expected = ", expected 1 to 1048576";
    return Stream.of(
        arguments(alignment(0), "general.alignment is 0" + expected),
        arguments(alignment(48), "general.alignment is 48, expected a power of two"),
        arguments(alignment(1 << 31), "general.alignment is 2147483648" + expected),
        arguments(
            new GgufWriter().int32("general.alignment", -32).bytes(),
            "general.alignment is -32" + expected),
        arguments(
            new GgufWriter().uint64("general.alignment", -1).bytes(),
            "general.alignment is 18446744073709551615" + expected),
        arguments(
            new GgufWriter().string("general.alignment", "32").bytes(),
            "general.alignment is a string, expected an integer"));
  }

  @ParameterizedTest
  @MethodSource({"counts", "keys", "values", "arrays"})
  void aWrongHeaderIsRefused(LittleEndian file, String sentence) {
    Refusals.refused(folder, file.bytes(), sentence);
  }

  @ParameterizedTest
  @MethodSource("alignments")
  void aWrongAlignmentIsRefused(byte[] file, String sentence) {
    Refusals.refused(folder, file, sentence);
  }

  @Test
  void aRepeatedKeyIsFoundAmongMany() {
    LittleEndian file = header(0, 60_001);
    for (int i = 0; i <= 60_000; i++) {
      file.string("key." + i % 60_000).u32(UINT32).u32(i);
    }
    Refusals.refused(folder, file.bytes(), "the key key.0 is there twice");
  }

  /** All keys have the same hash code in Java, as anyone can arrange. */
  @Test
  void aRepeatedKeyIsFoundAmongCollidingOnes() {
    List<String> keys = new ArrayList<>(colliding(15));
    Collections.shuffle(keys, new java.util.Random(5));
    keys.add(keys.getFirst());
    LittleEndian file = header(0, keys.size());
    keys.forEach(key -> file.string(key).u32(UINT32).u32(0));
    Refusals.refused(folder, file.bytes(), "the key " + keys.getFirst() + " is there twice");
  }

  /** Sound, but made to be slow. */
  @Test
  void collidingKeysAreReadInTime() {
    LittleEndian file = header(0, (1 << 15) + 1);
    colliding(15).forEach(key -> file.string(key).u32(UINT32).u32(0));
    file.string("general.alignment").u32(UINT32).u32(3); // read after all others, through the map
    Refusals.refused(folder, file.bytes(), "general.alignment is 3, expected a power of two");
  }

  private static List<String> colliding(int pairs) {
    List<String> all = List.of("");
    for (int i = 0; i < pairs; i++) {
      all = all.stream().flatMap(s -> Stream.of(s + "Aa", s + "BB")).toList();
    }
    return all;
  }
}
