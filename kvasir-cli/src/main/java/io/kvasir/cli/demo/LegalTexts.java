package io.kvasir.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Prose that is on every machine with a JDK: the licence texts below its {@code legal} folder. They
 * are taken in a fixed order, the module {@code java.base} and its {@code LICENSE} first, until
 * there are {@value #ENOUGH} characters: with most builds the GNU General Public License alone.
 *
 * @param source the files taken, for people
 * @param prose their text
 */
record LegalTexts(String source, String prose) {
  /** Some 4,000 tokens. */
  private static final int ENOUGH = 16_000;

  /** Some 5,000 tokens, so that questions and answers fit into small contexts too. */
  private static final int MOST = 20_000;

  /**
   * @throws IllegalArgumentException when the folder holds no text
   */
  static LegalTexts below(Path legal) {
    List<String> names = new ArrayList<>();
    Set<String> texts = new LinkedHashSet<>(); // many modules repeat the same licence
    int characters = 0;
    for (Path file : files(legal)) {
      if (characters >= ENOUGH) {
        break;
      }
      String text = read(file);
      if (!text.isBlank() && texts.add(text)) {
        names.add(legal.relativize(file).toString());
        characters += text.length();
      }
    }
    if (texts.isEmpty()) {
      throw new IllegalArgumentException(
          "no licence texts in " + legal + "; give the demo a text with --file");
    }
    return new LegalTexts(
        String.join(", ", names) + " in " + legal, shorten(String.join("\n\n", texts)));
  }

  /** In reading order; broken links, which packages without documentation leave, are passed by. */
  private static List<Path> files(Path legal) {
    if (!Files.isDirectory(legal)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(legal, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile)
          .filter(Files::isReadable)
          .sorted(
              Comparator.comparing((Path file) -> !file.startsWith(legal.resolve("java.base")))
                  .thenComparing(file -> !file.endsWith("LICENSE"))
                  .thenComparing(Path::toString))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unix line ends; what is no UTF-8 becomes U+FFFD. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).replace("\r\n", "\n").strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shorten(String prose) {
    if (prose.length() <= MOST) {
      return prose;
    }
    int paragraph = prose.lastIndexOf("\n\n", MOST);
    return prose.substring(0, paragraph < ENOUGH ? MOST : paragraph);
  }
}
