package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GgmlQ8Test extends CodecContract {
  @Override
  Codec codec() {
    return new GgmlQ8();
  }

  @Override
  float limit() {
    return 127 * 65504f;
  }

  /** Half a step, plus 127 times the rounding of the scale. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return GgmlQ4Test.blockMax(in, r, d) / 225 + 4e-6;
  }

  /** The catalogue's description of {@code quantize_row_q8_0_ref}, in f32 steps, byte for byte. */
  @Test
  void valuesAreThoseOfTheReferenceQuantiser() {
    Random random = new Random(8);
    for (int trial = 0; trial < 200; trial++) {
      float size = (float) Math.exp(random.nextGaussian() * 4);
      RawPage in = CruelPages.filled(1, 32, i -> (float) random.nextGaussian() * size);
      byte[] page = bytes(encoded(codec().values(32), in));
      float d = in.absMax(0) / 127.0f;
      short half = Float.floatToFloat16(d);
      assertThat(page).startsWith((byte) half, (byte) (half >> 8));
      for (int i = 0; i < 32; i++) {
        float scaled = in.at(0, i) * (1.0f / d);
        double away = Math.floor(Math.abs((double) scaled) + 0.5);
        assertThat((double) page[128 + i]).isEqualTo(scaled < 0 ? 0 - away : away);
      }
    }
  }

  @Test
  void halvesRoundAwayFromZero() {
    RawPage in = RawPage.of(1, 32);
    in.values()[0] = 127;
    in.values()[1] = -63.5f;
    in.values()[2] = 0.5f;
    byte[] page = bytes(encoded(codec().values(32), in));
    assertThat(new byte[] {page[128], page[129], page[130]}).containsExactly(0x7f, 0xc0, 1);
  }
}
