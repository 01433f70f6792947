package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Bf16MatmulTest {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;

  /** Every element of memory that no test may read is this: a NaN would spread. */
  private static final short POISON = (short) 0x7fc0;

  @ParameterizedTest
  @EnumSource(Bf16Matmul.Right.class)
  void productIsThatOfTheRoundedFactors(Bf16Matmul.Right right) {
    assumeTrue(OneDnn.available(), () -> OneDnn.refusal().orElseThrow());
    for (int k : new int[] {7, 64, 100, 576}) {
      for (int n : new int[] {1, 40, 64, 130}) {
        compare(new Bf16Matmul.Shape(5, n, k, k + 3, right, Math.max(n, k) + 5, n + 2, false));
        compare(new Bf16Matmul.Shape(5, n, k, k, right, Math.max(n, k), n, true));
      }
    }
  }

  private static void compare(Bf16Matmul.Shape shape) {
    float[] a = Blocks.floats(shape.m() * shape.k(), 1);
    float[] b = Blocks.floats(shape.k() * shape.n(), 2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment c = arena.allocate(4L * shape.m() * shape.cStride(), 64);
      for (int i = 0; i < shape.m() * shape.cStride(); i++) {
        c.setAtIndex(ValueLayout.JAVA_FLOAT, i, 3f);
      }
      new Bf16Matmul(shape, arena)
          .run(left(shape, a, arena).address(), right(shape, b, arena).address(), c.address());
      for (int i = 0; i < shape.m(); i++) {
        for (int j = 0; j < shape.cStride(); j++) {
          float got = c.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * shape.cStride() + j);
          if (j >= shape.n()) {
            assertThat(got).as("behind row %d of %s", i, shape).isEqualTo(3f);
            continue;
          }
          double sum = shape.adds() ? 3 : 0;
          double magnitude = Math.abs(sum);
          for (int p = 0; p < shape.k(); p++) {
            double term = rounded(a[i * shape.k() + p]) * rounded(b[p * shape.n() + j]);
            sum += term;
            magnitude += Math.abs(term);
          }
          assertThat((double) got)
              .as("[%d][%d] of %s", i, j, shape)
              .isCloseTo(sum, within(magnitude * shape.k() / (1 << 24)));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Bf16Matmul.Right.class)
  void rowHasTheSameBitsWhateverTheNumberOfRows(Bf16Matmul.Right right) {
    assumeTrue(OneDnn.available(), () -> OneDnn.refusal().orElseThrow());
    int all = 512;
    int n = 64;
    for (int k : new int[] {64, 576, 896, 4864}) {
      float[] a = Blocks.floats(all * k, 1);
      float[] b = Blocks.floats(k * n, 2);
      float[] expected = product(shape(all, n, k, right), a, b, 0);
      for (int m : new int[] {2, 3, 7, 8, 16, 64, 65, 255}) {
        for (int from : new int[] {0, 33, all - m}) {
          float[] some = product(shape(m, n, k, right), a, b, from);
          for (int i = 0; i < m * n; i++) {
            assertThat(some[i])
                .as("k=%d m=%d from=%d", k, m, from)
                .isEqualTo(expected[from * n + i]);
          }
        }
      }
    }
  }

  private static Bf16Matmul.Shape shape(int m, int n, int k, Bf16Matmul.Right right) {
    return new Bf16Matmul.Shape(m, n, k, k, right, Math.max(n, k), n, false);
  }

  private static float[] product(Bf16Matmul.Shape shape, float[] a, float[] b, int fromRow) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment left = arena.allocate(2L * a.length, 64);
      Bf16.round(a, 0, left, 0, a.length);
      MemorySegment c = arena.allocate(4L * shape.m() * shape.n(), 64);
      new Bf16Matmul(shape, arena)
          .run(
              left.address() + 2L * fromRow * shape.k(),
              right(shape, b, arena).address(),
              c.address());
      return c.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  @Test
  void impossibleShapesAreRefused() {
    assertThatThrownBy(
            () -> new Bf16Matmul.Shape(1, 64, 64, 64, Bf16Matmul.Right.ROWS, 63, 64, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "m=1 must be at least 2, n=64 and k=64 at least 1, the strides of a (64), b (63, ROWS)"
                + " and c (64) no shorter than what lies in them");
  }

  private static MemorySegment left(Bf16Matmul.Shape shape, float[] a, Arena arena) {
    MemorySegment left = poisoned((long) shape.m() * shape.aStride(), arena);
    for (int i = 0; i < shape.m(); i++) {
      Bf16.round(a, i * shape.k(), left, 2L * i * shape.aStride(), shape.k());
    }
    return left;
  }

  private static MemorySegment right(Bf16Matmul.Shape shape, float[] b, Arena arena) {
    int k = shape.k();
    int n = shape.n();
    int evenK = Math.ceilDiv(k, 32) * 32;
    MemorySegment right =
        switch (shape.right()) {
          case ROWS -> poisoned((long) k * shape.bStride(), arena);
          case COLUMNS -> poisoned((long) n * shape.bStride(), arena);
          case PAIRS -> arena.allocate(2L * evenK * Math.ceilDiv(n, 64) * 64, 64);
        };
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        long at =
            switch (shape.right()) {
              case ROWS -> (long) p * shape.bStride() + j;
              case COLUMNS -> (long) j * shape.bStride() + p;
              case PAIRS -> (long) j / 64 * 64 * evenK + p / 2 * 128L + j % 64 * 2 + p % 2;
            };
        right.setAtIndex(SHORT, at, Bf16Ref.round(b[p * n + j]));
      }
    }
    return right;
  }

  private static MemorySegment poisoned(long elements, Arena arena) {
    MemorySegment segment = arena.allocate(2 * elements, 64);
    for (long i = 0; i < elements; i++) {
      segment.setAtIndex(SHORT, i, POISON);
    }
    return segment;
  }

  private static double rounded(float x) {
    return Bf16Ref.widen(Bf16Ref.round(x));
  }
}
