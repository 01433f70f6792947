package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "7,33,50", "8,64,32", "15,5,79", "33,80,64", "3,0,40", "12,100,16"})
  void everyElementIsTheScalarSumBitForBit(int rows, int k, int n) {
    float[] x = Blocks.floats(2 + rows * (k + 3), 1);
    float[] b = Blocks.floats(1 + k * (n + 5), 2);
    float[] y = Blocks.floats(4 + rows * (n + 1), 3);
    Rows xs = new Rows(x, 2, k + 3);
    Rows bs = new Rows(b, 1, n + 5);
    Rows ys = new Rows(y, 4, n + 1);
    float[] expected = y.clone();
    for (int t = 0; t < rows; t++) {
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < k; i++) {
          int at = ys.row(t) + j;
          expected[at] = Math.fma(x[xs.row(t) + i], b[bs.row(i) + j], expected[at]);
        }
      }
    }
    Gemm.accumulate(xs, rows, bs, k, n, ys);
    assertThat(y).isEqualTo(expected);
  }
}
