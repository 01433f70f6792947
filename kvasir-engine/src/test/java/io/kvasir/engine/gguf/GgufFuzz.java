package io.kvasir.engine.gguf;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.kernel.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;

/** Takes any bytes for a model file: nothing but a ModelFormatException may come out. */
public final class GgufFuzz {
  private static final List<String> KEYS =
      List.of("k", "real", "yes", "text", "texts", "ints", "floats", "bools");

  private static final List<BiConsumer<Metadata, String>> ACCESSORS =
      List.of(
          Metadata::string,
          (metadata, key) -> metadata.integer(key, -1, 9),
          Metadata::real,
          (metadata, key) -> metadata.bool(key, true),
          Metadata::strings,
          Metadata::utf8,
          Metadata::ints,
          Metadata::floats,
          Metadata::bools);

  private static final Path FILE = temporary();

  private static final byte[] SOUND = sound();

  private GgufFuzz() {}

  private static Path temporary() {
    try {
      Path file = Files.createTempFile("fuzz", ".gguf");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sound() {
    return new GgufWriter()
        .uint32("general.alignment", 32)
        .uint64("k", 7)
        .float64("real", 1)
        .bool("yes", true)
        .string("text", "ü")
        .strings("texts", List.of("a", "", "bc"))
        .ints("ints", 1, 2)
        .floats("floats", 1, 2)
        .bools("bools", true, false)
        .tensor("a", TensorType.F32, new byte[24], 3, 2)
        .tensor("b", TensorType.Q4_0, new byte[18], 32)
        .bytes();
  }

  /**
   * Opens a file and reads all that it has. After an even first byte the bytes are the file itself;
   * after an odd one three of them each change a byte of a sound one: where, where, to what.
   */
  public static void parse(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    open((input[0] & 1) == 0 ? rest : changed(rest));
  }

  private static byte[] changed(byte[] changes) {
    byte[] file = SOUND.clone();
    for (int i = 0; i + 2 < changes.length; i += 3) {
      int at = (changes[i] & 0xff) | (changes[i + 1] & 0xff) << 8;
      file[at % file.length] = changes[i + 2];
    }
    return file;
  }

  private static void open(byte[] bytes) {
    try {
      Files.write(FILE, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (GgufFile file = GgufFile.open(FILE)) {
      for (TensorInfo tensor : file.tensors()) {
        if (file.data(tensor).toArray(ValueLayout.JAVA_BYTE).length != tensor.bytes()) {
          throw new AssertionError(tensor);
        }
      }
      file.fingerprint();
      KEYS.forEach(key -> readAs(file.metadata(), key));
    } catch (ModelFormatException refused) {
      check(refused);
    }
  }

  private static void readAs(Metadata metadata, String key) {
    for (BiConsumer<Metadata, String> accessor : ACCESSORS) {
      try {
        accessor.accept(metadata, key);
      } catch (ModelFormatException refused) {
        check(refused);
      }
    }
  }

  private static void check(ModelFormatException refused) {
    if (!String.valueOf(refused.getMessage()).startsWith(FILE.toString())) {
      throw new AssertionError("a refusal does not name the file", refused);
    }
  }
}
