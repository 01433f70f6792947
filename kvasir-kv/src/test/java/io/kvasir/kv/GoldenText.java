package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text of the project that is generated. The test fails when the file is stale; {@code
 * -Dkvasir.golden=write} writes it anew instead, and the diff is reviewed like code.
 */
public final class GoldenText {
  private GoldenText() {}

  /**
   * @param file below the project's root folder
   */
  public static void check(String file, String text) {
    Path path = path(file);
    try {
      if (System.getProperty("kvasir.golden", "").equals("write")) {
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.writeString(path, text);
        return;
      }
      assertThat(path)
          .as("%s is generated; renew it with -Dkvasir.golden=write", file)
          .exists()
          .content()
          .isEqualTo(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text of the project that is written by hand. */
  public static String read(String file) {
    try {
      return Files.readString(path(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path path(String file) {
    return Path.of(System.getProperty("kvasir.root", ".")).resolve(file);
  }
}
