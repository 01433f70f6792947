package io.kvasir.eval.claim;

import io.kvasir.eval.InputException;
import io.kvasir.eval.TextFile;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The claims that Kvasir brings: every YAML file beside this class is a family, and there is no
 * other list of them.
 */
public final class Claims {
  private static final String ENDING = ".yaml";

  private Claims() {}

  /** All families, by name. */
  public static List<Family> all() {
    URL first = Objects.requireNonNull(Claims.class.getResource("neutral.yaml"), "in the jar");
    try {
      URI place = first.toURI();
      if (!place.getScheme().equals("jar")) {
        return read(Objects.requireNonNull(Path.of(place).getParent()));
      }
      try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
        return read(jar.getPath("/" + Claims.class.getPackageName().replace('.', '/')));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Family> read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .map(file -> of(file, String.valueOf(file.getFileName())))
          .toList();
    }
  }

  /**
   * A family by the name of a file, or by the name of one that Kvasir brings.
   *
   * @throws InputException when there is neither, or the file is wrong: one sentence with its line
   */
  public static Family find(String name) {
    if (Files.exists(Path.of(name))) {
      return of(Path.of(name), name);
    }
    List<Family> all = all();
    List<String> names = all.stream().map(Family::name).toList();
    return all.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> near = Nearest.to(name, names);
              return new InputException(
                  "%s is neither a file nor a family of claims%s; known: %s"
                      .formatted(
                          Quote.of(name),
                          near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                          String.join(", ", names)));
            });
  }

  private static Family of(Path file, String called) {
    String name = String.valueOf(file.getFileName());
    return new Family(
        name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name,
        ClaimFile.parse(called, TextFile.read(file)));
  }
}
