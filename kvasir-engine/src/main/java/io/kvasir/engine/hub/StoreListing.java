package io.kvasir.engine.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads which models the store's folders hold. */
final class StoreListing {
  /** hub/OWNER/REPO and up to four folders inside a repository, as {@link HubRef} allows. */
  private static final int DEEPEST = 8;

  private StoreListing() {}

  static List<StoredModel> of(Path models) {
    if (!Files.isDirectory(models)) {
      return List.of();
    }
    try (Stream<Path> files = Files.find(models, DEEPEST, (path, at) -> isModel(path))) {
      return files
          .flatMap(path -> stored(models, path).stream())
          .sorted(Comparator.comparing(StoredModel::name))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw HubException.local("cannot list " + models + ": " + e.getMessage());
    }
  }

  private static boolean isModel(Path path) {
    String name = path.getFileName().toString();
    return !name.startsWith(".") && name.endsWith(".gguf") && Files.isRegularFile(path);
  }

  /** Empty for the later files of a split model, and for one that is not whole. */
  private static Optional<StoredModel> stored(Path models, Path path) {
    String file = path.getFileName().toString();
    if (!SplitFile.standsForAModel(file)) {
      return Optional.empty();
    }
    List<Path> files = SplitFile.all(file).stream().map(path::resolveSibling).toList();
    if (!files.stream().allMatch(Files::isRegularFile)) {
      return Optional.empty();
    }
    long bytes = files.stream().mapToLong(DiskFiles::length).sum();
    return Optional.of(new StoredModel(name(models.relativize(path)), path, bytes, files.size()));
  }

  private static String name(Path inStore) {
    boolean ofHub = inStore.getNameCount() > 3 && inStore.startsWith("hub");
    if (ofHub) {
      Path file = inStore.subpath(3, inStore.getNameCount());
      return inStore.getName(1) + "/" + inStore.getName(2) + ":" + file;
    }
    String text = inStore.toString();
    return text.substring(0, text.length() - ".gguf".length());
  }
}
