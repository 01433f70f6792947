package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Q4Test extends CodecContract {
  @Override
  Codec codec() {
    return new Q4();
  }

  @Override
  float limit() {
    return 489_600;
  }

  /**
   * Half a step of 15 over the range of 32 channels and 0; steps are rounded up by at most 1/128.
   */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    float min = 0;
    float max = 0;
    for (int i = d - d % 32; i < d - d % 32 + 32; i++) {
      min = Math.min(min, in.at(r, i));
      max = Math.max(max, in.at(r, i));
    }
    return ((double) max - min) / 29 + 3e-7;
  }

  @Test
  void theExampleOfTheJavadocHolds() {
    RawPage in = RawPage.of(1, 64);
    in.values()[0] = -1;
    in.values()[1] = 14;
    byte[] values = bytes(encoded(codec().values(64), in));
    assertThat(values).startsWith(0x01, 0x78);
    int codes = 4 * 64;
    assertThat(new byte[] {values[codes], values[codes + 1], values[codes + 2]})
        .containsExactly(0x10, 0x1f, 0x11);
    byte[] keys = bytes(encoded(codec().keys(64), in));
    assertThat(keys).startsWith(0x01, 0x78);
    assertThat(new byte[] {keys[codes], keys[codes + 1]}).containsExactly(0xf0, 0x11);
  }

  @Test
  void theLargestMagnitudesAreHeldOnBothSides() {
    RawPage in = CruelPages.filled(1, 64, i -> i % 2 == 0 ? limit() : -limit());
    RawPage out = RawPage.of(1, 64);
    codec().values(64).decode(encoded(codec().values(64), in), 0, out);
    for (int d = 0; d < 64; d++) {
      assertThat(Math.abs(out.at(0, d) - in.at(0, d)))
          .isLessThanOrEqualTo((float) bound(Side.VALUES, in, 0, d));
    }
  }
}
