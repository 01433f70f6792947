package io.kvasir.engine.hub;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** Hashing, publishing and naming of files on disk. Each failure is a {@link HubException}. */
final class DiskFiles {
  private static final int BUFFER = 1 << 18;

  private DiskFiles() {}

  /** A hidden file beside the target; the tag tells apart what must not be mixed. */
  static Path beside(Path target, String tag) {
    return target.resolveSibling("." + target.getFileName() + "." + tag);
  }

  /** The folder that holds the file. */
  static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a folder");
  }

  static void makeFolders(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw HubException.local(
          "cannot create the folder "
              + folder
              + " for models ("
              + reason(e)
              + "); set KVASIR_HOME to a place that can be written");
    }
  }

  /** Bytes in the file, 0 when there is none. */
  static long length(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw HubException.local("cannot look at " + file + ": " + reason(e));
    }
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw HubException.local("cannot delete " + file + ": " + reason(e));
    }
  }

  static void needSpace(Path folder, long bytes) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < bytes) {
        throw HubException.local(
            folder
                + " has "
                + free
                + " bytes free and "
                + bytes
                + " are needed; free some, or set KVASIR_HOME to a larger disk");
      }
    } catch (IOException e) {
      throw HubException.local("cannot look at the disk of " + folder + ": " + reason(e));
    }
  }

  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw HubException.local("cannot read " + file + ": " + reason(e));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /**
   * Gives a part file its final name if it is what it should be, else deletes it. The bytes are on
   * the disk before the name is.
   */
  static void publish(Path part, Path target, String sha256, String source) {
    String found = sha256(part);
    if (!found.equals(sha256)) {
      delete(part);
      throw new HubException(
          source
              + " has SHA-256 "
              + found
              + ", expected "
              + sha256
              + "; nothing was kept, a second try or another source may help");
    }
    try {
      try (FileChannel file = FileChannel.open(part, WRITE)) {
        file.force(true);
      }
      Files.move(part, target, ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(folderOf(target), READ)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw HubException.local("cannot put " + target + " in place: " + reason(e));
    }
  }

  /** What the system said, or the kind of failure where it said nothing. */
  static String reason(IOException e) {
    String text = e.getMessage();
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return text == null || text.isBlank() ? kind : kind.equals("IO") ? text : kind + ": " + text;
  }
}
