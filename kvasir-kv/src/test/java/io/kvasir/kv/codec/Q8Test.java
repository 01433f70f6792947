package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.KvPlanException;
import org.junit.jupiter.api.Test;

class Q8Test extends CodecContract {
  @Override
  Codec codec() {
    return new Q8();
  }

  @Override
  float limit() {
    return 127 * 65504f;
  }

  /** Half a step, plus the rounding of tiny f16 scales. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return in.absMax(r) / 250 + 4e-6;
  }

  @Override
  int[] dims() {
    return new int[] {64, 80, 96, 128, 256};
  }

  @Test
  void theExampleOfTheJavadocHolds() {
    RawPage in = RawPage.of(1, 64);
    in.values()[0] = 127;
    in.values()[1] = -63.6f;
    byte[] keys = bytes(encoded(codec().keys(64), in));
    assertThat(keys).startsWith(0x00, 0x3c);
    assertThat(new byte[] {keys[128], keys[129]}).containsExactly(0x7f, 0xc0);
    byte[] values = bytes(encoded(codec().values(64), in));
    assertThat(values).startsWith(0x00, 0x3c);
    assertThat(new byte[] {values[128], values[129]}).containsExactly(0x7f, 0xc0);
  }

  @Test
  void aHeadDimensionThatLanesCannotTileIsRefused() {
    assertThatThrownBy(() -> codec().keys(72))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("q8: head dimension 72 is not a multiple of 16");
    assertThatThrownBy(() -> codec().values(0))
        .hasMessage("q8: head dimension 0 is not a multiple of 16");
  }
}
