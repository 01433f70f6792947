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
    table.row("bb", 1234, "x");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, UTF_8));
    assertThat(bytes.toString(UTF_8))
        .isEqualTo(
            """
            NAME           N  NOTE
            a\\u001b[2J     7
            bb          1234  x
            """);
  }

  @Test
  void aRowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Table("A").row(1, 2)).hasMessage("2 cells for 1 columns");
  }

  @Test
  void sizesHaveThreeDigits() {
    assertThat(Sizes.text(0)).isEqualTo("0 bytes");
    assertThat(Sizes.text(999)).isEqualTo("999 bytes");
    assertThat(Sizes.text(1000)).isEqualTo("1.00 kB");
    assertThat(Sizes.text(98_362_432)).isEqualTo("98.4 MB");
    assertThat(Sizes.text(253_113_024)).isEqualTo("253 MB");
    assertThat(Sizes.text(999_999)).isEqualTo("1.00 MB");
    assertThat(Sizes.text(Long.MAX_VALUE)).isEqualTo("9.22 EB");
  }
}
