package io.kvasir.engine.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "999, 999 bytes",
    "1000, 1.00 kB",
    "98362432, 98.4 MB",
    "253113024, 253 MB",
    "999999, 1.00 MB",
    "9223372036854775807, 9.22 EB"
  })
  void textHasThreeDigits(long bytes, String text) {
    assertThat(ByteSize.text(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "4GB, 4000000000",
    "4gb, 4000000000",
    "4 G, 4000000000",
    "1.5MB, 1500000",
    "2GiB, 2147483648",
    "512Mi, 536870912",
    "64kB, 64000",
    "1TB, 1000000000000"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse("--memory", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "GB", "-4GB", "0", "4XB", "1e9", "4GB or so", "999999999999999999TB", "4,5GB"})
  void refusesAnythingElseByNameAndValue(String text) {
    assertThatThrownBy(() -> ByteSize.parse("--memory", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--memory=" + text + " is no size of memory; expected one such as 4GB, 512MB or 2GiB");
  }

  @Test
  void aLongValueIsShortened() {
    assertThatThrownBy(() -> ByteSize.parse("X", "x".repeat(1000))).message().hasSizeLessThan(110);
  }
}
