package io.kvasir.engine.fit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers out of the files in which Linux describes itself. */
final class KernelFile {
  /** {@code MemAvailable: 23744240 kB} or {@code inactive_file 4096}. */
  private static final Pattern LINE =
      Pattern.compile("^([A-Za-z_()]+):?[ \\t]+(\\d{1,18})( kB)?$", Pattern.MULTILINE);

  private KernelFile() {}

  /** Every line that is a name and a number, in bytes. */
  static Map<String, Long> sizes(String text) {
    Map<String, Long> sizes = new HashMap<>();
    for (Matcher line = LINE.matcher(text); line.find(); ) {
      long unit = line.group(3) == null ? 1 : 1024;
      sizes.put(line.group(1), Long.parseLong(line.group(2)) * unit);
    }
    return sizes;
  }

  /** The file's one number; empty without the file, and for {@code max}. */
  static OptionalLong number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("\\d{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
