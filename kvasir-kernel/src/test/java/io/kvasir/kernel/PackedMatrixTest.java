package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackedMatrixTest {
  private static final int[] ROWS = {1, 16, 33, 100};

  private static int[] columns(TensorType type) {
    return switch (type.blockElements()) {
      case 1 -> new int[] {1, 7, 256, 259, 600};
      case 32 -> new int[] {32, 64, 96, 288, 576};
      default -> new int[] {256, 512, 768};
    };
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void rowsAreExactlyWhatTheFormatSays(TensorType type) {
    try (Workers workers = new Workers(2);
        Arena arena = Arena.ofShared()) {
      for (int rows : ROWS) {
        for (int cols : columns(type)) {
          MemorySegment source = Blocks.random(type, rows, cols, rows + cols);
          PackedMatrix matrix = PackedMatrix.pack(type, source, rows, cols, arena, workers);
          float[] row = new float[cols];
          for (int r = 0; r < rows; r++) {
            matrix.row(r, row, 0);
            assertThat(plusZero(row))
                .as("%s [%d][%d] row %d", type, rows, cols, r)
                .isEqualTo(plusZero(dequantised(type, source, r, cols)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void productsAreTheScalarSumBitForBitWhateverTheBatchAndThreads(TensorType type) {
    try (Workers one = new Workers(1);
        Workers three = new Workers(3);
        Arena arena = Arena.ofShared()) {
      for (int rows : ROWS) {
        for (int cols : columns(type)) {
          MemorySegment source = Blocks.random(type, rows, cols, 31L * rows + cols);
          PackedMatrix matrix = PackedMatrix.pack(type, source, rows, cols, arena, one);
          int most = 19;
          float[] x = Blocks.floats(most * cols, 7);
          float[] expected = naive(type, source, rows, cols, x, most);
          for (int tokens : new int[] {1, 2, 3, 5, 8, 19}) {
            for (Workers workers : new Workers[] {one, three}) {
              float[] y = new float[tokens * rows];
              Arrays.fill(y, Float.NaN);
              matrix.multiply(x, tokens, y, workers);
              assertThat(y)
                  .as("%s [%d][%d] x %d", type, rows, cols, tokens)
                  .isEqualTo(Arrays.copyOf(expected, tokens * rows));
            }
          }
        }
      }
    }
  }

  private static float[] naive(
      TensorType type, MemorySegment source, int rows, int cols, float[] x, int tokens) {
    float[] y = new float[tokens * rows];
    for (int r = 0; r < rows; r++) {
      float[] w = dequantised(type, source, r, cols);
      for (int t = 0; t < tokens; t++) {
        float sum = 0;
        for (int c = 0; c < cols; c++) {
          sum = Math.fma(w[c], x[t * cols + c], sum);
        }
        y[t * rows + r] = sum;
      }
    }
    return y;
  }

  private static float[] dequantised(TensorType type, MemorySegment source, int r, int cols) {
    float[] w = new float[cols];
    long rowBytes = (long) cols / type.blockElements() * type.blockBytes();
    DequantRef.row(type, source, r * rowBytes, cols, w);
    return w;
  }

  /** Codes that mean zero lose the sign of their scale, which no sum can tell. */
  private static float[] plusZero(float[] x) {
    float[] y = x.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] += 0f;
    }
    return y;
  }

  @Test
  void stridedRowsLeaveTheirGapsAlone() {
    try (Workers workers = new Workers(2);
        Arena arena = Arena.ofShared()) {
      MemorySegment source = Blocks.random(TensorType.Q4_1, 40, 64, 1);
      PackedMatrix matrix = PackedMatrix.pack(TensorType.Q4_1, source, 40, 64, arena, workers);
      float[] x = Blocks.floats(10 + 3 * 70, 2);
      float[] y = new float[5 + 3 * 50];
      Arrays.fill(y, 42f);
      matrix.multiply(new Rows(x, 10, 70), 3, new Rows(y, 5, 50), workers);
      for (int t = 0; t < 3; t++) {
        float[] one = new float[40];
        matrix.multiply(new Rows(x, 10 + t * 70, 0), 1, Rows.of(one, 40), workers);
        assertThat(Arrays.copyOfRange(y, 5 + t * 50, 45 + t * 50)).isEqualTo(one);
        assertThat(Arrays.copyOfRange(y, 45 + t * 50, 55 + t * 50)).containsOnly(42f);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void theFirstRowWithAScaleThatIsNotFiniteIsNamed(TensorType type) {
    try (Workers workers = new Workers(2);
        Arena arena = Arena.ofShared()) {
      MemorySegment source = Blocks.random(type, 80, 256, 3);
      long rowBytes = 256L / type.blockElements() * type.blockBytes();
      long field =
          switch (type) {
            case Q2_K -> 82;
            case Q3_K -> 108;
            case Q6_K -> 208;
            case Q4_1, Q4_K, Q5_1, Q5_K -> 2;
            case F32 -> 2;
            default -> 0;
          };
      for (int row : new int[] {77, 41}) {
        byte[] nan = {(byte) 0xff, (byte) 0x7f};
        MemorySegment.copy(MemorySegment.ofArray(nan), 0, source, row * rowBytes + field, 2);
      }
      assertThatThrownBy(() -> PackedMatrix.pack(type, source, 80, 256, arena, workers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("%s [80][256]: row 41 has a scale or weight that is not finite", type);
    }
  }

  @Test
  void wrongShapesAndShortSourcesAreRefused() {
    try (Workers workers = new Workers(1);
        Arena arena = Arena.ofConfined()) {
      MemorySegment source = Blocks.random(TensorType.Q8_0, 2, 32, 1);
      assertThatThrownBy(() -> PackedMatrix.packedBytes(TensorType.Q8_0, 2, 33))
          .hasMessage("Q8_0 [2][33]: rows must be positive and cols a positive multiple of 32");
      assertThatThrownBy(() -> PackedMatrix.pack(TensorType.Q8_0, source, 3, 32, arena, workers))
          .hasMessage("Q8_0 [3][32] takes 102 bytes, the source has 68");
      PackedMatrix matrix = PackedMatrix.pack(TensorType.Q8_0, source, 2, 32, arena, workers);
      assertThatThrownBy(() -> matrix.multiply(new float[32], 2, new float[4], workers))
          .hasMessage("x: 2 rows of 32 floats at 0, stride 32, do not fit in an array of 32");
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void bytesArePredictedAndAsDocumented(TensorType type) {
    try (Workers workers = new Workers(1);
        Arena arena = Arena.ofShared()) {
      MemorySegment source = Blocks.random(type, 32, 768, 1);
      PackedMatrix matrix = PackedMatrix.pack(type, source, 32, 768, arena, workers);
      assertThat(matrix.bytes()).isEqualTo(PackedMatrix.packedBytes(type, 32, 768));
      double perWeight =
          switch (type) {
            case Q4_0 -> .5625;
            case Q4_1 -> .625;
            case Q4_K -> .578125;
            case Q5_0 -> .6875;
            case Q5_1 -> .75;
            case Q5_K -> .703125;
            case Q2_K -> .328125;
            case Q3_K -> .453125;
            case Q6_K -> .828125;
            case Q8_0, IQ4_NL -> 1.0625;
            case F16, BF16 -> 2;
            case F32 -> 4;
          };
      assertThat(matrix.bytes() / (32.0 * 768)).isEqualTo(perWeight);
    }
  }
}
