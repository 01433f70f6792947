package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kvasir.kernel.Bf16Products.Product;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Bf16ProductsTest {
  private static final int ROWS = 150;

  private Workers workers;
  private Arena arena;

  @BeforeEach
  void open() {
    assumeTrue(OneDnn.available(), () -> OneDnn.refusal().orElseThrow());
    workers = new Workers(2);
    arena = Arena.ofShared();
  }

  @AfterEach
  void close() {
    if (arena != null) {
      arena.close();
      workers.close();
    }
  }

  private PackedMatrix matrix(TensorType type, int rows, int cols, long seed) {
    return PackedMatrix.pack(
        type, Blocks.random(type, rows, cols, seed), rows, cols, arena, workers);
  }

  /** Rows of a matrix as f32, [rows][cols]. */
  private static float[][] rows(PackedMatrix matrix) {
    float[][] rows = new float[matrix.rows()][matrix.cols()];
    for (int r = 0; r < rows.length; r++) {
      matrix.row(r, rows[r], 0);
    }
    return rows;
  }

  private static Bf16Rows rounded(float[] x, int rows, int cols) {
    Bf16Rows rounded = new Bf16Rows(rows, cols);
    for (int t = 0; t < rows; t++) {
      rounded.set(t, 0, x, t * cols, cols);
    }
    return rounded;
  }

  private static double rounded(float x) {
    return Bf16Ref.widen(Bf16Ref.round(x));
  }

  /** The sum and the sum of magnitudes of a row of weights times row t of x, all rounded. */
  private static double[] dot(float[] w, float[] x, int t) {
    double sum = 0;
    double magnitude = 0;
    for (int c = 0; c < w.length; c++) {
      double term = rounded(w[c]) * rounded(x[t * w.length + c]);
      sum += term;
      magnitude += Math.abs(term);
    }
    return new double[] {sum, magnitude};
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productIsThatOfTheRoundedFactors(TensorType type) {
    for (int cols : type.blockElements() == 1 ? new int[] {7, 95} : new int[] {256, 768}) {
      PackedMatrix w = matrix(type, 150, cols, 1);
      float[][] weights = rows(w);
      float[] x = Blocks.floats(70 * cols, 2);
      float[] y = new float[3 + 70 * 151];
      new Bf16Products(workers)
          .multiply(rounded(x, 70, cols), 70, new Product(w, new Rows(y, 3, 151)));
      for (int t = 0; t < 70; t += 23) {
        for (int r = 0; r < 150; r++) {
          double[] expected = dot(weights[r], x, t);
          assertThat((double) y[3 + t * 151 + r])
              .as("%s cols %d [%d][%d]", type, cols, t, r)
              .isCloseTo(expected[0], within(expected[1] * cols / (1 << 24)));
        }
        assertThat(y[3 + t * 151 + 150]).as("behind row %d", t).isZero();
      }
    }
  }

  @Test
  void gateKeepsOnlyTheResult() {
    PackedMatrix gate = matrix(TensorType.Q4_0, 96, 128, 1);
    PackedMatrix up = matrix(TensorType.Q8_0, 96, 128, 2);
    float[] x = Blocks.floats(ROWS * 128, 3);
    Bf16Rows in = rounded(x, ROWS, 128);
    Bf16Rows out = new Bf16Rows(ROWS, 96);
    Bf16Products products = new Bf16Products(workers);
    products.gate(gate, up, Activations::silu, in, ROWS, out);
    float[] g = new float[ROWS * 96];
    float[] u = new float[ROWS * 96];
    products.multiply(in, ROWS, new Product(gate, Rows.of(g, 96)));
    products.multiply(in, ROWS, new Product(up, Rows.of(u, 96)));
    MemorySegment rows = MemorySegment.ofAddress(out.address(0)).reinterpret(2L * ROWS * 96);
    for (int i = 0; i < ROWS * 96; i++) {
      assertThat(rows.getAtIndex(ValueLayout.JAVA_SHORT, i))
          .as("element %d", i)
          .isEqualTo(Bf16Ref.round(ActivationsRef.silu(g[i]) * u[i]));
    }
  }

  /** A prompt's row must not depend on the chunk it comes in. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 15, 16, 17, 63, 64, 65, 130, 255, 257, 330, 512})
  void rowHasTheSameBitsWhateverComesWithIt(int rows) {
    int cols = 576;
    PackedMatrix w = matrix(TensorType.Q4_1, 192, cols, 1);
    float[] x = Blocks.floats(512 * cols, 2);
    float[] all = new float[512 * 192];
    new Bf16Products(workers)
        .multiply(rounded(x, 512, cols), 512, new Product(w, Rows.of(all, 192)));
    int from = 512 - rows;
    float[] some = new float[rows * 192];
    float[] tail = Arrays.copyOfRange(x, from * cols, x.length);
    new Bf16Products(workers)
        .multiply(rounded(tail, rows, cols), rows, new Product(w, Rows.of(some, 192)));
    assertThat(some).isEqualTo(Arrays.copyOfRange(all, from * 192, all.length));
  }

  @Test
  void matricesMultipliedTogetherAreThoseMultipliedAlone() {
    PackedMatrix[] w = {
      matrix(TensorType.Q5_0, 160, 256, 1),
      matrix(TensorType.F16, 40, 256, 2),
      matrix(TensorType.Q6_K, 64, 256, 3)
    };
    Bf16Rows x = rounded(Blocks.floats(ROWS * 256, 4), ROWS, 256);
    Bf16Products products = new Bf16Products(workers);
    Rows[] together = new Rows[w.length];
    Product[] all = new Product[w.length];
    for (int m = 0; m < w.length; m++) {
      together[m] = Rows.of(new float[ROWS * w[m].rows()], w[m].rows());
      all[m] = new Product(w[m], together[m]);
    }
    products.multiply(x, ROWS, all);
    for (int m = 0; m < w.length; m++) {
      float[] alone = new float[ROWS * w[m].rows()];
      products.multiply(x, ROWS, new Product(w[m], Rows.of(alone, w[m].rows())));
      assertThat(together[m].data()).as("matrix %d", m).isEqualTo(alone);
    }
  }

  /** Weights in bf16 are those that rounding their f32 gives, in every type. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void expandedWeightsAreTheRoundedOnes(TensorType type) {
    int cols = type.blockElements() == 1 ? 95 : 768;
    PackedMatrix w = matrix(type, 128, cols, 1);
    float[][] rows = rows(w);
    MemorySegment pairs = arena.allocate(Bf16Pairs.bytes(cols), 64);
    w.expand(64, pairs, new float[PackedMatrix.EXPAND_SCRATCH]);
    for (int c = 0; c < cols; c++) {
      for (int j = 0; j < 64; j++) {
        long at = c / 2 * 128L + j * 2 + c % 2;
        assertThat(pairs.getAtIndex(ValueLayout.JAVA_SHORT, at))
            .as("%s [%d][%d]", type, 64 + j, c)
            .isEqualTo(Bf16Ref.round(rows[64 + j][c]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4})
  void threadsDoNotChangeABit(int threads) {
    PackedMatrix w = matrix(TensorType.Q6_K, 5 * 64, 256, 1);
    Bf16Rows x = rounded(Blocks.floats(300 * 256, 2), 300, 256);
    float[] two = new float[300 * 320];
    float[] others = new float[300 * 320];
    new Bf16Products(workers).multiply(x, 300, new Product(w, Rows.of(two, 320)));
    try (Workers team = new Workers(threads)) {
      new Bf16Products(team).multiply(x, 300, new Product(w, Rows.of(others, 320)));
    }
    assertThat(others).isEqualTo(two);
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    PackedMatrix w = matrix(TensorType.F32, 8, 4, 1);
    PackedMatrix longer = matrix(TensorType.F32, 9, 4, 1);
    Bf16Products products = new Bf16Products(workers);
    assertThatThrownBy(
            () ->
                products.multiply(new Bf16Rows(2, 5), 2, new Product(w, Rows.of(new float[16], 8))))
        .hasMessage("x is [2][5], expected [2][4]");
    assertThatThrownBy(
            () ->
                products.multiply(new Bf16Rows(2, 4), 3, new Product(w, Rows.of(new float[24], 8))))
        .hasMessage("x is [2][4], expected [3][4]");
    assertThatThrownBy(
            () ->
                products.gate(
                    w, longer, Activations::silu, new Bf16Rows(2, 4), 2, new Bf16Rows(2, 8)))
        .hasMessage(
            "gate has 8 rows, up 9 and the result [2][8]; expected the same number and 2 rows");
  }
}
