package io.kvasir.eval.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.eval.Digest;
import io.kvasir.eval.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The Java sources that come with a JDK, of the packages that everybody knows.
 *
 * @param file {@code lib/src.zip}
 * @param names of the entries, sorted
 */
record JdkSources(Path file, List<String> names) {
  private static final List<String> PACKAGES =
      Stream.of("io", "lang", "math", "net", "nio", "text", "time", "util")
          .map(name -> "java.base/java/" + name + "/")
          .toList();

  /** The sources of the JDK that runs this. */
  static Optional<JdkSources> ofThisJdk() {
    return below(Path.of(System.getProperty("java.home")));
  }

  /** SHA-256 of their names and checksums. */
  String sha() {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return Digest.hex(names.stream().map(name -> name + zip.getEntry(name).getCrc()).toArray());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Nothing when the JDK came without sources. */
  static Optional<JdkSources> below(Path javaHome) {
    Path file = javaHome.resolve("lib").resolve("src.zip");
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<String> names =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".java") && !name.endsWith("-info.java"))
              .filter(name -> PACKAGES.stream().anyMatch(name::startsWith))
              .sorted()
              .toList();
      return names.isEmpty() ? Optional.empty() : Optional.of(new JdkSources(file, names));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The sources of some of them, in their order. */
  List<String> read(List<String> wanted) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return wanted.stream().map(name -> source(zip, name)).toList();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private String source(ZipFile zip, String name) {
    try {
      return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static InputException unreadable(Path file, IOException e) {
    return new InputException("%s cannot be read: %s".formatted(file, e.getMessage()));
  }
}
