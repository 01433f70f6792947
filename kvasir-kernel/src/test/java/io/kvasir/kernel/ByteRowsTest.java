package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRowsTest {
  private static final int COLS = 96;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void codesScalesAndSumsAreThoseOfTheScalarTwin(int count) {
    float[] x = Blocks.floats(Math.max(3, count) * COLS, 1);
    x[5] = 1e30f;
    x[COLS + 3] = -7e-20f;
    Arrays.fill(x, 2 * COLS, 2 * COLS + 32, 0f);
    Arrays.fill(x, 2 * COLS + 32, 2 * COLS + 64, 2.5f); // 127 * 2.5 / 2.5: a tie of signs
    ByteRows rows = new ByteRows();
    rows.reserve(count, COLS);
    for (int t = 0; t < count; t++) {
      rows.round(t, x, t * COLS);
    }
    for (int t = 0; t < count; t++) {
      assertRow(rows, count, t, x);
    }
  }

  private static void assertRow(ByteRows rows, int count, int t, float[] x) {
    int step = Math.min(2, count);
    for (int c = 0; c < COLS; c += 32) {
      byte[] codes = new byte[32];
      float scale = ByteRowsRef.round(x, t * COLS + c, codes, 0);
      int block = (t * COLS + c) / 32;
      assertThat(rows.scales[block]).isEqualTo(scale);
      int[] halves = new int[2];
      int[] even = new int[2];
      for (int i = 0; i < 32; i++) {
        int pair = rows.pairs[t / 2 * COLS + t % 2 + (c + i) / 2 * step];
        assertThat((short) (i % 2 == 0 ? pair : pair >> 16)).isEqualTo(codes[i]);
        halves[i / 16] += codes[i];
        even[i / 16] += i % 2 == 0 ? codes[i] : 0;
      }
      for (int h = 0; h < 2; h++) {
        assertThat((short) rows.evenOdd[2 * block + h]).isEqualTo((short) even[h]);
        assertThat(rows.evenOdd[2 * block + h] >> 16).isEqualTo(halves[h] - even[h]);
      }
      assertThat(rows.sums[block]).isEqualTo(scale * (halves[0] + halves[1]));
      assertThat(rows.halfSums[2 * block]).isEqualTo(scale * halves[0]);
      assertThat(rows.halfSums[2 * block + 1]).isEqualTo(scale * halves[1]);
    }
  }

  @Test
  void aBlockIsWithinHalfAStepOfItsValues() {
    float[] x = Blocks.floats(32, 2);
    byte[] codes = new byte[32];
    float scale = ByteRowsRef.round(x, 0, codes, 0);
    for (int i = 0; i < 32; i++) {
      assertThat(Math.abs(scale * codes[i] - x[i])).isLessThanOrEqualTo(scale * 0.50001f);
    }
  }

  @Test
  void whatIsNotFiniteShowsInTheScale() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] x = Blocks.floats(32, 3);
      x[17] = bad;
      ByteRows rows = new ByteRows();
      rows.reserve(1, 32);
      rows.round(0, x, 0);
      assertThat(rows.scales[0]).isNotFinite();
      assertThat(ByteRowsRef.round(x, 0, new byte[32], 0)).isNotFinite();
    }
  }
}
