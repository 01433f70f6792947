package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Fp8Test extends CodecContract {
  @Override
  Codec codec() {
    return new Fp8(Fp8.Numbers.E4M3, Fp8.Scale.TOKEN);
  }

  @Override
  float limit() {
    return Float.MAX_VALUE;
  }

  /** Half of three bits' last place, and half the least number. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return Math.abs(in.at(r, d)) / 16.0 + in.absMax(r) / 448 / 1000 + 1e-40;
  }

  /** Numbers of the formats' definitions, ties to even codes, and what lies beyond the largest. */
  @ParameterizedTest
  @CsvSource({
    "E4M3, 1, 0x38",
    "E4M3, -1, 0xb8",
    "E4M3, 448, 0x7e",
    "E4M3, 1e9, 0x7e",
    "E4M3, 0.001953125, 1",
    "E4M3, 1.0625, 0x38",
    "E4M3, 1.1875, 0x3a",
    "E4M3, 0.0009765625, 0",
    "E4M3, 240, 0x77",
    "E5M2, 1, 0x3c",
    "E5M2, 57344, 0x7b",
    "E5M2, -1e9, 0xfb",
    "E5M2, 0.0000152587890625, 1",
    "E5M2, 1.125, 0x3c",
    "E5M2, 1.375, 0x3e"
  })
  void castsToTheNearestNumber(Fp8.Numbers format, float x, String code) {
    assertThat(format.code(x)).isEqualTo(Integer.decode(code));
  }

  @ParameterizedTest
  @EnumSource
  void everyNumberIsItsOwnCode(Fp8.Numbers format) {
    for (int code = 1; code < 256; code++) {
      float number = format.number((byte) code);
      if (!Float.isNaN(number) && number != 0) {
        assertThat(format.code(number)).isEqualTo(code);
      }
    }
    assertThat(format.number((byte) 0x7f)).isNaN();
  }

  @Test
  void withoutAScaleLargeNumbersSaturate() {
    KeyFormat keys = new Fp8(Fp8.Numbers.E4M3, Fp8.Scale.NONE).keys(64);
    RawPage out = RawPage.of(1, 64);
    RawPage in = CruelPages.filled(1, 64, i -> i == 3 ? -9000 : 2);
    keys.decode(encoded(keys, in), 0, out);
    assertThat(out.at(0, 3)).isEqualTo(-448);
    assertThat(out.at(0, 4)).isEqualTo(2);
    assertThat(keys.pageBytes()).isEqualTo(64 * 64);
    assertThat(codec().keys(64).pageBytes()).isEqualTo(64 * 64 + 256);
  }
}
