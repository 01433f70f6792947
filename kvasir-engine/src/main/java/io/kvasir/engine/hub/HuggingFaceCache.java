package io.kvasir.engine.hub;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The cache of Hugging Face's own tools: {@code models--owner--repo/snapshots/REVISION/FILE}, where
 * the files are links to blobs. What is there already need not come over the network again.
 */
final class HuggingFaceCache {
  private final Path folder;

  HuggingFaceCache(Path folder) {
    this.folder = folder;
  }

  /** The file if some revision of it in the cache has this checksum. */
  Optional<Path> find(HubRef ref, String sha256) {
    Path snapshots =
        folder.resolve("models--" + ref.owner() + "--" + ref.repo()).resolve("snapshots");
    if (!Files.isDirectory(snapshots)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> revisions = Files.newDirectoryStream(snapshots)) {
      for (Path revision : revisions) {
        Path file = revision.resolve(ref.file().orElseThrow());
        if (Files.isRegularFile(file) && DiskFiles.sha256(file).equals(sha256)) {
          return Optional.of(file.toRealPath());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // a cache that cannot be read is no cache; the file is fetched
    }
  }

  /** Takes the file over: the same bytes under a second name where the disk can do that. */
  static void adopt(Path cached, Path target, String sha256) {
    Path copy = DiskFiles.beside(target, "copy");
    DiskFiles.delete(copy);
    try {
      try {
        Files.createLink(copy, cached);
      } catch (IOException | UnsupportedOperationException e) {
        Files.copy(cached, copy, StandardCopyOption.REPLACE_EXISTING); // another disk
      }
    } catch (IOException e) {
      DiskFiles.delete(copy);
      throw HubException.local("cannot copy " + cached + ": " + DiskFiles.reason(e));
    }
    DiskFiles.publish(copy, target, sha256, cached.toString());
  }
}
