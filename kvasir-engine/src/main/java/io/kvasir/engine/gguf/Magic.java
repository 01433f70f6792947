package io.kvasir.engine.gguf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The first eight bytes of a file: whether it is one that Kvasir reads, and if not, what it is. */
final class Magic {
  private static final String GGUF = "GGUF";
  private static final int OLDEST = 2;
  private static final int NEWEST = 3;
  private static final int LOOKED_AT = 64;

  /** By how files start, in lower case; text may follow blank lines. */
  private static final Map<String, String> OTHERS = others();

  private Magic() {}

  private static Map<String, String> others() {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("version https://git-lfs", "a Git LFS pointer: the model itself was not downloaded");
    others.put("<", "a web page, perhaps an error of the server it came from");
    others.put("{", "JSON text");
    others.put("pk\3\4", "a zip archive, perhaps a PyTorch checkpoint");
    others.put("\u001f\u008b", "gzip-compressed: unpack it first");
    others.put("(\u00b5/\u00fd", "zstd-compressed: unpack it first");
    others.put("7z\u00bc\u00af", "a 7z archive: unpack it first");
    others.put("\u0089hdf", "an HDF5 file, perhaps a Keras model");
    others.put("\u0080\2", "a Python pickle");
    for (String magic : new String[] {"lmgg", "tjgg", "fmgg", "algg"}) {
      others.put(magic, "a GGML file from before GGUF: convert it with llama.cpp");
    }
    others.put("fugg", "a big-endian GGUF file, expected little-endian");
    return others;
  }

  /** Passes magic and version, or refuses the file by what it looks like. */
  static void check(MappedFile file, Cursor cursor) {
    String start = start(file);
    if (!start.startsWith(GGUF)) {
      throw file.refusal("not a GGUF file but " + description(start));
    }
    cursor.skip(GGUF.length(), "the magic");
    int version = cursor.int32("the version");
    int reversed = Integer.reverseBytes(version);
    if (reversed >= 1 && reversed <= NEWEST) {
      throw file.refusal("a big-endian GGUF file, expected little-endian");
    }
    if (version < OLDEST || version > NEWEST) {
      throw file.refusal(
          "GGUF version %s, expected %d or %d"
              .formatted(Integer.toUnsignedString(version), OLDEST, NEWEST));
    }
  }

  private static String start(MappedFile file) {
    byte[] bytes = file.bytes().asSlice(0, Math.min(LOOKED_AT, file.size())).toArray(Cursor.BYTE);
    return new String(bytes, ISO_8859_1);
  }

  private static String description(String start) {
    if (start.length() > 8 && start.charAt(8) == '{') {
      return "a safetensors file: convert it with llama.cpp";
    }
    if (start.chars().allMatch(c -> c == 0)) {
      return "zeros, perhaps an unfinished download";
    }
    String lower = start.toLowerCase(Locale.ROOT);
    String text = lower.stripLeading();
    return OTHERS.entrySet().stream()
        .filter(other -> lower.startsWith(other.getKey()) || text.startsWith(other.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(
            () ->
                "one that starts with the bytes "
                    + Shown.bytes(
                        start.substring(0, Math.min(8, start.length())).getBytes(ISO_8859_1)));
  }
}
