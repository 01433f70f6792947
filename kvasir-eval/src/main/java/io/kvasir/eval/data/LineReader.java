package io.kvasir.eval.data;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads one line of a format. */
@FunctionalInterface
interface LineReader {
  /**
   * What a line does not say of itself.
   *
   * @param name of the file, without folder and {@code .jsonl}
   * @param splitAt where the question begins in formats that do not part it from the context
   */
  record Setting(String name, Optional<Pattern> splitAt) {}

  /**
   * @throws io.kvasir.eval.InputException with file, line and field
   */
  Document read(JsonLine line, Setting setting);
}
