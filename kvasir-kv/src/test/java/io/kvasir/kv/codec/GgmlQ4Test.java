package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.kv.KvPlanException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GgmlQ4Test extends CodecContract {
  @Override
  Codec codec() {
    return new GgmlQ4();
  }

  @Override
  float limit() {
    return 8 * 65504f;
  }

  /** A whole step at the end opposite to the extreme, plus 8 times the rounding of the scale. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    return blockMax(in, r, d) / 7.9 + 3e-7;
  }

  static double blockMax(RawPage in, int r, int d) {
    float max = 0;
    for (int i = d - d % 32; i < d - d % 32 + 32; i++) {
      max = Math.max(max, Math.abs(in.at(r, i)));
    }
    return max;
  }

  /** The catalogue's description of {@code quantize_row_q4_0_ref}, in f32 steps, byte for byte. */
  @Test
  void valuesAreThoseOfTheReferenceQuantiser() {
    Random random = new Random(4);
    for (int trial = 0; trial < 200; trial++) {
      float size = (float) Math.exp(random.nextGaussian() * 4);
      RawPage in = CruelPages.filled(1, 32, i -> (float) random.nextGaussian() * size);
      byte[] page = bytes(encoded(codec().values(32), in));
      float extreme = 0;
      for (int i = 0; i < 32; i++) {
        extreme = Math.abs(in.at(0, i)) > Math.abs(extreme) ? in.at(0, i) : extreme;
      }
      float d = extreme / -8.0f;
      short half = Float.floatToFloat16(d);
      assertThat(page).startsWith((byte) half, (byte) (half >> 8));
      for (int j = 0; j < 16; j++) {
        int low = Math.min(15, (byte) (in.at(0, j) * (1.0f / d) + 8.5f));
        int high = Math.min(15, (byte) (in.at(0, j + 16) * (1.0f / d) + 8.5f));
        assertThat(page[128 + j]).isEqualTo((byte) (low | high << 4));
      }
    }
  }

  @Test
  void theExtremeIsExactAndItsOppositeSaturates() {
    RawPage in = RawPage.of(1, 32);
    in.values()[0] = 8;
    in.values()[1] = -8;
    RawPage out = RawPage.of(1, 32);
    codec().keys(32).decode(encoded(codec().keys(32), in), 0, out);
    assertThat(out.at(0, 0)).isEqualTo(8);
    assertThat(out.at(0, 1)).isEqualTo(-7);
  }

  @Test
  void aHeadDimensionOfNoWholeBlocksIsRefused() {
    assertThatThrownBy(() -> codec().keys(80))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("q4_0: head dimension 80 is not a multiple of 32");
  }
}
