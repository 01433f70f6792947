package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void aFileIsReplacedAndNothingElseStays() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.write(file, "old and longer");
    AtomicFile.write(file, "new ü");
    assertThat(Files.readString(file)).isEqualTo("new ü");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatCannotBeReplacedLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("report.html");
    Files.createDirectories(file.resolve("full"));
    assertThatThrownBy(() -> AtomicFile.write(file, "text"))
        .isInstanceOf(UncheckedIOException.class);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatWillFailIsSaidBefore() {
    Path nowhere = folder.resolve("no/report.html");
    assertThatThrownBy(() -> AtomicFile.check(nowhere))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "cannot write %s: %s is no folder that can be written to",
            nowhere, nowhere.getParent());
    assertThatThrownBy(() -> AtomicFile.check(folder))
        .isInstanceOf(UsageException.class)
        .hasMessage("%s is a folder; expected a file to write", folder);
    AtomicFile.check(folder.resolve("report.html"));
  }
}
