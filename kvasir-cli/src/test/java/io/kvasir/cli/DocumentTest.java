package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentTest {
  @TempDir Path temp;

  @Test
  void textIsTakenAsItIs() {
    String text = "Grüße,\r\n\tWelt \uD83D\uDE00\n";
    assertThat(read(text.getBytes(UTF_8)) + "\n").as("but one newline at its end").isEqualTo(text);
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() {
    assertThat(read("\uFEFFtext".getBytes(UTF_8))).isEqualTo("text");
  }

  @Test
  void aPdfIsRefusedWithTheWayToText() {
    refuses("%PDF-1.7\nstream".getBytes(UTF_8), " is a PDF; expected text, which pdftotext makes");
  }

  @Test
  void anOfficeFileIsRefused() {
    refuses("PK\u0003\u0004rest".getBytes(UTF_8), " is a zip archive (.docx");
  }

  @Test
  void otherEncodingsAreRefusedByName() {
    refuses("Text".getBytes(UTF_16), " is UTF-16; expected UTF-8, which iconv -f UTF-16");
    refuses("Grüße".getBytes(ISO_8859_1), " is not UTF-8: byte 2 is 0xfc");
  }

  @Test
  void binaryFilesAreRefusedWithThePlace() {
    refuses(new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0}, " is not text: byte 5 is 0x00");
  }

  @Test
  void anEmptyFileIsRefused() {
    refuses(new byte[0], " is empty; expected a document");
    refuses(" \n\t\n".getBytes(UTF_8), " is empty; expected a document");
  }

  @Test
  void aDirectoryIsRefused() {
    assertThatThrownBy(() -> Document.read(Optional.of(temp)))
        .isInstanceOf(UsageException.class)
        .hasMessage(temp + " is a directory; expected a text file");
  }

  @Test
  void anAbsentFileIsNamed() {
    assertThatThrownBy(() -> Document.read(Optional.of(temp.resolve("absent.txt"))))
        .isInstanceOf(UncheckedIOException.class)
        .satisfies(
            e -> assertThat(Failures.sentence(e)).isEqualTo("no file at " + temp + "/absent.txt"));
  }

  private String read(byte[] bytes) {
    return Document.read(Optional.of(file(bytes))).text();
  }

  private void refuses(byte[] bytes, String sentence) {
    Path file = file(bytes);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(file + sentence);
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(temp.resolve("document"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
