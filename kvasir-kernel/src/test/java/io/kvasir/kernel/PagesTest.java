package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PagesTest {
  private static final int[] COUNTS = {1, 2, 3, 4, 5, 6, 7, 8, 16};
  private static final int[] ROWS = {1, 15, 33, 64};

  static Stream<PageLayout> keys() {
    return IntStream.of(64, 80, 96, 128, 256).boxed().flatMap(PagesTest::keys);
  }

  private static Stream<PageLayout> keys(int dim) {
    Stream<PageLayout> anyDim =
        Stream.of(
            new PageLayout(PageLayout.Code.F32, PageLayout.Side.NONE, dim, dim),
            new PageLayout(PageLayout.Code.F16, PageLayout.Side.NONE, dim, dim),
            new PageLayout(PageLayout.Code.I8, PageLayout.Side.SCALE, dim, dim));
    return dim % 32 != 0
        ? anyDim
        : Stream.concat(
            anyDim,
            Stream.of(
                new PageLayout(PageLayout.Code.I8, PageLayout.Side.SCALE, dim, 32),
                new PageLayout(PageLayout.Code.U4, PageLayout.Side.CENTERED, dim, 32),
                new PageLayout(PageLayout.Code.U4, PageLayout.Side.ZERO_POINT, dim, 32)));
  }

  static Stream<PageLayout> values() {
    return keys();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void scoresAreTheScalarTwinsWhateverTheCompany(PageLayout layout) {
    MemorySegment page = page(layout, true);
    int dim = layout.dim();
    float[] q = Blocks.floats(16 * dim, 3);
    for (int count : COUNTS) {
      for (int rows : ROWS) {
        float[] out = new float[count * PageLayout.SLOTS];
        Pages.scores(layout, q, count, page, rows, out);
        for (int i = 0; i < count; i++) {
          float[] twin = new float[rows];
          PagesRef.scores(layout, Arrays.copyOfRange(q, i * dim, (i + 1) * dim), page, rows, twin);
          int at = i * PageLayout.SLOTS;
          assertThat(Arrays.copyOfRange(out, at, at + rows)).isEqualTo(twin);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void sumsAreTheScalarTwinsWhateverTheCompany(PageLayout layout) {
    MemorySegment page = page(layout, false);
    int dim = layout.dim();
    float[] w = Blocks.floats(16 * PageLayout.SLOTS, 4);
    for (int count : COUNTS) {
      for (int rows : ROWS) {
        float[] acc = Blocks.floats((count + 1) * dim, 5);
        float[] before = acc.clone();
        Pages.accumulate(layout, w, count, page, rows, acc);
        for (int i = 0; i < count; i++) {
          float[] twin = Arrays.copyOfRange(before, i * dim, (i + 1) * dim);
          int at = i * PageLayout.SLOTS;
          PagesRef.accumulate(
              layout, Arrays.copyOfRange(w, at, at + PageLayout.SLOTS), page, rows, twin);
          assertThat(Arrays.copyOfRange(acc, i * dim, (i + 1) * dim)).isEqualTo(twin);
        }
        assertThat(Arrays.copyOfRange(acc, count * dim, acc.length))
            .isEqualTo(Arrays.copyOfRange(before, count * dim, before.length));
      }
    }
  }

  /** A page of random codes with finite side data. */
  private static MemorySegment page(PageLayout layout, boolean keys) {
    Random random = new Random(layout.dim() + layout.code().bits());
    MemorySegment page = Arena.ofAuto().allocate(layout.bytes(), 64);
    for (int slot = 0; slot < PageLayout.SLOTS; slot++) {
      for (int block = 0; block < layout.blocks(); block++) {
        int[] codes = new int[layout.block()];
        Arrays.setAll(
            codes,
            d ->
                switch (layout.code()) {
                  case F32 -> Float.floatToRawIntBits((float) random.nextGaussian());
                  case F16 -> half(random);
                  default -> random.nextInt();
                });
        int side = half(random) | half(random) << 16;
        if (keys) {
          PageRows.writeKey(layout, page, slot, block, side, codes);
        } else {
          PageRows.writeValue(layout, page, slot, block, side, codes);
        }
      }
    }
    return page;
  }

  /** Positive, some of them subnormal; a zero-point entry of these bits is finite too. */
  private static int half(Random random) {
    return random.nextInt(0x7800);
  }
}
