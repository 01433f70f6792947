package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductsTest {
  private static final int ROWS = 100;
  private static final int MOST = 11;

  private static int[] columns(TensorType type) {
    return switch (type.blockElements()) {
      case 1 -> new int[] {7, 300};
      case 32 -> new int[] {32, 96, 256, 576};
      default -> new int[] {256, 768};
    };
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsWithRoundedActivationsAreThoseOfTheScalarTwin(TensorType type) {
    try (Workers workers = new Workers(2);
        Arena arena = Arena.ofShared()) {
      for (int cols : columns(type)) {
        if (cols % Coding.BLOCK != 0) {
          continue;
        }
        MemorySegment source = Blocks.random(type, ROWS, cols, 31L + cols);
        PackedMatrix matrix = PackedMatrix.pack(type, source, ROWS, cols, arena, workers);
        float[] x = Blocks.floats(cols, 7);
        float[] y = rounded(matrix, x, 1, workers);
        long rowBytes = (long) cols / type.blockElements() * type.blockBytes();
        for (int r = 0; r < ROWS; r++) {
          double expected = ByteDotsRef.dot(type, source, r * rowBytes, cols, x, 0);
          double bound = 2e-6 * magnitude(type, source, r * rowBytes, cols, x);
          assertThat(Math.abs(y[r] - expected))
              .as("%s [%d] row %d", type, cols, r)
              .isLessThan(bound);
        }
      }
    }
  }

  /** Sum of |x| times the largest weight: a code may be far from zero where its weight is not. */
  private static double magnitude(
      TensorType type, MemorySegment source, long at, int cols, float[] x) {
    float[] w = new float[cols];
    DequantRef.row(type, source, at, cols, w);
    double sum = 0;
    for (int c = 0; c < cols; c++) {
      sum += Math.abs(x[c]);
    }
    return sum * Floats.absMax(w, 0, cols);
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void neitherBatchNorThreadsNorCompanyChangeABit(TensorType type) {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        Arena arena = Arena.ofShared()) {
      for (int cols : columns(type)) {
        MemorySegment source = Blocks.random(type, ROWS, cols, 5L + cols);
        MemorySegment other = Blocks.random(type, 33, cols, 6L + cols);
        PackedMatrix matrix = PackedMatrix.pack(type, source, ROWS, cols, arena, one);
        PackedMatrix companion = PackedMatrix.pack(type, other, 33, cols, arena, one);
        float[] x = Blocks.floats(MOST * cols, 8);
        Arrays.fill(x, cols, 2 * cols, -1f); // the largest codes
        for (int tokens : new int[] {1, 2, 3, 5, 7, 8, MOST}) {
          float[] first = new float[tokens * 33];
          float[] second = new float[tokens * ROWS];
          Products both = new Products(companion, matrix);
          both.multiply(x, tokens, new ByteRows(), three, first, second);
          assertRows(second, matrix, x, true, one);
          assertRows(first, companion, x, true, one);
          both.multiply(x, tokens, three, first, second);
          assertRows(second, matrix, x, false, one);
          assertRows(first, companion, x, false, one);
        }
      }
    }
  }

  private static void assertRows(
      float[] y, PackedMatrix matrix, float[] x, boolean rounded, Workers workers) {
    int rows = matrix.rows();
    int cols = matrix.cols();
    for (int t = 0; t < y.length / rows; t++) {
      float[] row = Arrays.copyOfRange(x, t * cols, (t + 1) * cols);
      float[] alone = new float[rows];
      if (rounded) {
        alone = rounded(matrix, row, 1, workers);
      } else {
        matrix.multiply(row, 1, alone, workers);
      }
      assertThat(Arrays.copyOfRange(y, t * rows, (t + 1) * rows))
          .as("%s [%d][%d] row %d", matrix.type(), rows, cols, t)
          .isEqualTo(alone);
    }
  }

  private static float[] rounded(PackedMatrix matrix, float[] x, int tokens, Workers workers) {
    float[] y = new float[tokens * matrix.rows()];
    new Products(matrix).multiply(x, tokens, new ByteRows(), workers, y);
    return y;
  }

  @Test
  void matricesOfDifferentWidthsAreRefused() {
    try (Workers workers = new Workers(1);
        Arena arena = Arena.ofConfined()) {
      PackedMatrix narrow = zeros(32, arena, workers);
      PackedMatrix wide = zeros(64, arena, workers);
      assertThatThrownBy(() -> new Products(narrow, wide))
          .hasMessage("matrices of 32 and 64 columns do not multiply the same rows");
    }
  }

  private static PackedMatrix zeros(int cols, Arena arena, Workers workers) {
    MemorySegment source = arena.allocate(34L * cols / 32);
    return PackedMatrix.pack(TensorType.Q8_0, source, 1, cols, arena, workers);
  }
}
