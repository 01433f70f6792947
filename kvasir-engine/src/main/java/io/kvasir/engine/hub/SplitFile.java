package io.kvasir.engine.hub;

import io.kvasir.engine.gguf.SplitName;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A model in several files, known by the name of any of them. The first one stands for it. */
final class SplitFile {
  private static final int MOST_PARTS = 999;

  private SplitFile() {}

  /** All files of the model that {@code file} belongs to, the first one first. */
  static List<String> all(String file) {
    Optional<SplitName> split = SplitName.parse(file);
    if (split.isEmpty()) {
      return List.of(file);
    }
    SplitName name = split.get();
    if (name.count() < 1
        || name.count() > MOST_PARTS
        || name.number() < 1
        || name.number() > name.count()) {
      throw new HubException(
          "\""
              + file
              + "\" is no part of a split model; expected 00001 to the count, at most "
              + MOST_PARTS);
    }
    return IntStream.rangeClosed(1, name.count())
        .mapToObj(number -> name.numbered(number).toString())
        .toList();
  }

  /** False for the second and later files of a split model. */
  static boolean standsForAModel(String file) {
    return SplitName.parse(file).map(name -> name.number() == 1).orElse(true);
  }
}
