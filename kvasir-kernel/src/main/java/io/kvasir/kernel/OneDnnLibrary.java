package io.kvasir.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the native library is: a jar on the class path carries it, and the loader of the system
 * wants a file. So it is unpacked once, into {@code native} of {@link KvasirHome}, in a folder
 * named after the jar, which is renamed into place when it is complete.
 */
final class OneDnnLibrary {
  private static final String RESOURCES = "org/bytedeco/dnnl/linux-x86_64/";
  private static final String LIBRARY = "libdnnl.so.3";

  /** The library finds the second one, its OpenMP runtime, beside itself. */
  private static final List<String> FILES = List.of(LIBRARY, "libgomp.so.1");

  private OneDnnLibrary() {}

  /**
   * The library as a file.
   *
   * @throws IOException if no jar has it, or it cannot be unpacked; the message is a reason to show
   */
  static Path file() throws IOException {
    ClassLoader loader = OneDnnLibrary.class.getClassLoader();
    URL resource = loader.getResource(RESOURCES + LIBRARY);
    if (resource == null) {
      throw new IOException("no library for this platform on the class path");
    }
    Path all = KvasirHome.here().resolve("native");
    Path folder = all.resolve(jarName(resource));
    if (!Files.exists(folder)) {
      Files.createDirectories(all);
      publish(loader, Files.createTempDirectory(all, "new-"), folder);
    }
    return folder.resolve(LIBRARY);
  }

  /** {@code jar:file:/a/dnnl-1.2-linux-x86_64.jar!/org/...} gives {@code dnnl-1.2-linux-x86_64}. */
  static String jarName(URL resource) throws IOException {
    String path = resource.getPath();
    int end = path.lastIndexOf(".jar!/");
    if (end < 0) {
      throw new IOException("the library is not in a jar but at " + resource);
    }
    return path.substring(path.lastIndexOf('/', end) + 1, end);
  }

  private static void publish(ClassLoader loader, Path complete, Path folder) throws IOException {
    try {
      for (String name : FILES) {
        try (InputStream in = loader.getResourceAsStream(RESOURCES + name)) {
          if (in == null) {
            throw new IOException("the jar of the library lacks " + name);
          }
          Files.copy(in, complete.resolve(name));
        }
      }
      Files.move(complete, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(complete);
      if (!lostTheRace(e, folder)) {
        throw e;
      }
    }
  }

  /** Another process may have unpacked the same meanwhile. */
  private static boolean lostTheRace(IOException e, Path folder) {
    return e instanceof FileAlreadyExistsException || Files.exists(folder.resolve(LIBRARY));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
