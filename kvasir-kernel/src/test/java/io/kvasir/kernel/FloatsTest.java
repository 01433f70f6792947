package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 15, 16, 17, 31, 33, 64, 127, 1000, 4098})
  void everyKernelEqualsItsDefinition(int n) {
    float[] a = Blocks.floats(n + 5, 1);
    float[] b = Blocks.floats(n + 5, 2);
    assertThat(Floats.dot(a, 3, b, 2, n)).isEqualTo(FloatsRef.dot(a, 3, b, 2, n));
    assertThat(Floats.sum(a, 3, n)).isEqualTo(FloatsRef.sum(a, 3, n));
    assertThat(Floats.sumOfSquares(a, 3, n)).isEqualTo(FloatsRef.dot(a, 3, a, 3, n));

    float max = Float.NEGATIVE_INFINITY;
    float absMax = 0;
    float[] axpy = b.clone();
    float[] sum = b.clone();
    float[] product = b.clone();
    float[] scaled = b.clone();
    float[] shifted = b.clone();
    for (int i = 0; i < n; i++) {
      max = Math.max(max, a[3 + i]);
      absMax = Math.max(absMax, Math.abs(a[3 + i]));
      axpy[2 + i] = Math.fma(a[3 + i], 0.7f, axpy[2 + i]);
      sum[2 + i] += a[3 + i];
      product[2 + i] *= a[3 + i];
      scaled[2 + i] *= 0.7f;
      shifted[2 + i] += 0.7f;
    }
    assertThat(Floats.max(a, 3, n)).isEqualTo(max);
    assertThat(Floats.absMax(a, 3, n)).isEqualTo(absMax);
    float[] y = b.clone();
    Floats.axpy(0.7f, a, 3, y, 2, n);
    assertThat(y).isEqualTo(axpy);
    y = b.clone();
    Floats.add(a, 3, y, 2, n);
    assertThat(y).isEqualTo(sum);
    y = b.clone();
    Floats.multiply(a, 3, y, 2, n);
    assertThat(y).isEqualTo(product);
    y = b.clone();
    Floats.scale(0.7f, y, 2, n);
    assertThat(y).isEqualTo(scaled);
    y = b.clone();
    float[] pairs = b.clone();
    int half = (n + 1) / 2;
    for (int i = 0; i < n / 2; i++) {
      pairs[2 + i] = b[2 + i] + b[2 + half + i];
      pairs[2 + half + i] = b[2 + i] - b[2 + half + i];
    }
    Floats.sumAndDifference(y, 2, 2 + half, n / 2);
    assertThat(y).isEqualTo(pairs);
    y = b.clone();
    Floats.shift(0.7f, y, 2, n);
    assertThat(y).isEqualTo(shifted);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 64, 100, 1024})
  void aSumOfRowsTakesThemInOrder(int width) {
    int n = 33;
    float[] x = Blocks.floats(n + 2, 1);
    float[] rows = Blocks.floats(n * width, 2);
    float[] out = new float[width];
    Floats.sumOfRows(x, 2, n, rows, width, out);
    for (int j = 0; j < width; j++) {
      float sum = 0;
      for (int i = 0; i < n; i++) {
        sum = Math.fma(rows[i * width + j], x[2 + i], sum);
      }
      assertThat(out[j]).isEqualTo(sum);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 63, 576, 4098})
  void aNanIsTheLargest(int n) {
    float[] x = Blocks.floats(n, 1);
    x[n / 2] = Float.NaN;
    assertThat(Floats.max(x, 0, n)).isNaN();
    assertThat(Floats.absMax(x, 0, n)).isNaN();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 63, 576, 4098})
  void normedRowsHaveRootMeanSquareOne(int n) {
    float[] x = Blocks.floats(n, 1);
    float[] weight = Blocks.floats(n, 2);
    float[] y = new float[n];
    RmsNorm.apply(x, 0, weight, 1e-5f, y, 0);
    double mean = 0;
    for (float v : x) {
      mean += (double) v * v / n;
    }
    for (int i = 0; i < n; i++) {
      double expected = x[i] / Math.sqrt(mean + 1e-5) * weight[i];
      assertThat((double) y[i]).isCloseTo(expected, within(1e-6 * Math.abs(expected) + 1e-9));
    }
    RmsNorm.apply(x, 0, weight, 1e-5f, x, 0);
    assertThat(x).isEqualTo(y);
  }
}
