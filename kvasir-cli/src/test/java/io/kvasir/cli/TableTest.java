package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAlignedAndControlCharactersEscaped() {
    Table table = new Table("NAME", ">N", "NOTE");
    table.row("a\u001b[2J", 7, "");
    table.row("c\nd", 8, "");
    table.row("bb", 1234, "x");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, UTF_8));
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            """
            NAME           N  NOTE
            a\\u001b[2J     7
            c\\nd           8
            bb          1234  x
            """);
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Table("A").row(1, 2)).hasMessage("2 cells for 1 columns");
  }
}
