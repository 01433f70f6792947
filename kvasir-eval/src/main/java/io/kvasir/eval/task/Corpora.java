package io.kvasir.eval.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.eval.InputException;
import io.kvasir.eval.TextFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where prose comes from: the user's files, and what every JDK brings along. */
public final class Corpora {
  private static final String PARAGRAPH = "\n\n";

  private Corpora() {}

  /**
   * A user's text: a file, or all files below a folder, in the order of their names. One that is
   * not there is looked for among the {@link #shared shared} ones.
   *
   * @throws InputException when there is none, or one is not UTF-8
   */
  public static Corpus of(Path fileOrFolder) {
    Path shared = shared().resolve(fileOrFolder);
    if (!Files.exists(fileOrFolder) && Files.exists(shared)) {
      return of(shared);
    }
    if (!Files.isDirectory(fileOrFolder)) {
      return Corpus.of(fileOrFolder.toString(), TextFile.read(fileOrFolder));
    }
    List<String> texts = files(fileOrFolder).stream().map(TextFile::read).toList();
    return Corpus.of(fileOrFolder.toString(), String.join(PARAGRAPH, texts));
  }

  /**
   * Where texts are shared between checkouts: folder {@code data} beside the recorded outputs of
   * other engines, which are where {@code KVASIR_REFERENCE} says, else in {@code
   * ../shared/reference}.
   */
  private static Path shared() {
    String set = System.getenv("KVASIR_REFERENCE");
    Path reference = Path.of(set == null || set.isBlank() ? "../shared/reference" : set);
    return reference.toAbsolutePath().normalize().resolveSibling("data");
  }

  /**
   * What the JDK has: the prose of its Javadoc, or where there are no sources its licences.
   *
   * @param javaHome the JDK's folder
   * @throws InputException when it has neither
   */
  public static Corpus ofJdk(Path javaHome) {
    return javadoc(javaHome).orElseGet(() -> legal(javaHome));
  }

  /** The prose of the Javadoc in {@code lib/src.zip}; nothing when the JDK came without. */
  public static Optional<Corpus> javadoc(Path javaHome) {
    return JdkSources.below(javaHome)
        .map(sources -> Corpus.of("Javadoc of " + sources.file(), Javadoc.prose(sources)));
  }

  /**
   * The texts below {@code legal}, each once however many modules repeat it.
   *
   * @throws InputException when there are none
   */
  public static Corpus legal(Path javaHome) {
    Path legal = javaHome.resolve("legal");
    Set<String> texts = new LinkedHashSet<>();
    for (Path file : Files.isDirectory(legal) ? files(legal) : List.<Path>of()) {
      texts.add(lenient(file));
    }
    return Corpus.of("the texts in " + legal, String.join(PARAGRAPH, texts));
  }

  /** Broken links, which JDKs without documentation leave, are passed by. */
  private static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile)
          .filter(Files::isReadable)
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new InputException("%s cannot be read: %s".formatted(folder, e.getMessage()));
    }
  }

  /** Licences of old are Latin-1 here and there; what is no UTF-8 becomes U+FFFD. */
  private static String lenient(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).replace("\r\n", "\n").strip();
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
