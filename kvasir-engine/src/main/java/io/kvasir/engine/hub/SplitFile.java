package io.kvasir.engine.hub;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The naming of a model in several files, as llama.cpp's gguf-split writes them: {@code
 * x-00001-of-00003.gguf}. The first file stands for the whole.
 */
final class SplitFile {
  private static final Pattern FORM = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");
  private static final int MOST_PARTS = 999;

  private SplitFile() {}

  /** All files of the model that {@code file} belongs to, the first one first. */
  static List<String> all(String file) {
    Matcher m = FORM.matcher(file);
    if (!m.matches()) {
      return List.of(file);
    }
    int index = Integer.parseInt(m.group(2));
    int count = Integer.parseInt(m.group(3));
    if (count < 1 || count > MOST_PARTS || index < 1 || index > count) {
      throw new HubException(
          "\""
              + file
              + "\" is no part of a split model; expected 00001 to the count, at most "
              + MOST_PARTS);
    }
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> String.format("%s-%05d-of-%05d.gguf", m.group(1), i, count))
        .toList();
  }

  /** False for the second and later files of a split model. */
  static boolean standsForAModel(String file) {
    Matcher m = FORM.matcher(file);
    return !m.matches() || m.group(2).equals("00001");
  }

  /** The name without the numbering of parts and without the ending. */
  static String stem(String file) {
    return Optional.of(FORM.matcher(file))
        .filter(Matcher::matches)
        .map(m -> m.group(1))
        .orElseGet(() -> file.replaceFirst("\\.gguf$", ""));
  }
}
