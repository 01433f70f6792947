package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageKernelsTest {
  private static final int AT = 48;

  private static MemorySegment page(Arena arena, PageForm form, int lines, int width) {
    Random random = new Random(lines * 31L + width);
    MemorySegment page = arena.allocate(AT + (long) lines * form.lineBytes(width), 64);
    byte[] bytes = new byte[(int) page.byteSize()];
    random.nextBytes(bytes);
    MemorySegment.copy(MemorySegment.ofArray(bytes), 0, page, 0, bytes.length);
    if (form == PageForm.F32 || form == PageForm.F16) {
      int elements = lines * width;
      float[] values = Blocks.floats(elements, 9);
      for (int i = 0; i < elements; i++) {
        if (form == PageForm.F16) {
          Half.set(page, AT + 2L * i, values[i]);
        } else {
          page.set(
              java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.LE),
              AT + 4L * i,
              values[i]);
        }
      }
    }
    return page;
  }

  @ParameterizedTest
  @EnumSource(PageForm.class)
  void scoresAreTheScalarSumsWhateverTheCompany(PageForm form) {
    try (Arena arena = Arena.ofConfined()) {
      for (int dim : new int[] {64, 80, 256}) {
        MemorySegment keys = page(arena, form, dim, PageKernels.ROWS);
        float[] q = Blocks.floats(7 * (dim + 1), 1);
        for (int rows : new int[] {1, 15, 16, 31, 32, 33, 63, 64}) {
          for (int heads : new int[] {1, 2, 3, 4, 7}) {
            float[] out = new float[2 + heads * 70];
            Arrays.fill(out, 42f);
            PageKernels.scores(
                new PageView(form, keys, AT, rows, dim),
                new Rows(q, 1, dim + 1),
                heads,
                new Rows(out, 2, 70),
                new float[64 * dim]);
            for (int h = 0; h < heads; h++) {
              float[] one = new float[rows];
              float[] query = Arrays.copyOfRange(q, 1 + h * (dim + 1), (h + 1) * (dim + 1));
              PageKernelsRef.scores(form, query, keys, AT, rows, dim, one);
              int at = 2 + h * 70;
              assertThat(Arrays.copyOfRange(out, at, at + rows)).isEqualTo(one);
              int end = Math.min(at + 70, out.length);
              assertThat(Arrays.copyOfRange(out, at + rows, end)).containsOnly(42f);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(PageForm.class)
  void weightedValuesAreTheScalarSumsWhateverTheCompany(PageForm form) {
    try (Arena arena = Arena.ofConfined()) {
      for (int dim : new int[] {64, 80, 96, 128, 256}) {
        MemorySegment values = page(arena, form, PageKernels.ROWS, dim);
        float[] p = Blocks.floats(7 * 64, 1);
        for (int rows : new int[] {1, 17, 64}) {
          for (int heads : new int[] {1, 2, 3, 4, 7}) {
            float[] acc = Blocks.floats(3 + heads * dim, 2);
            float[] before = acc.clone();
            PageKernels.accumulate(
                new PageView(form, values, AT, rows, dim),
                Rows.of(p, 64),
                heads,
                new Rows(acc, 3, dim),
                new float[64 * dim]);
            for (int h = 0; h < heads; h++) {
              float[] one = Arrays.copyOfRange(before, 3 + h * dim, 3 + (h + 1) * dim);
              float[] weights = Arrays.copyOfRange(p, h * 64, h * 64 + 64);
              PageKernelsRef.accumulate(form, weights, values, AT, rows, dim, one);
              assertThat(Arrays.copyOfRange(acc, 3 + h * dim, 3 + (h + 1) * dim)).isEqualTo(one);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(PageForm.class)
  void expandedPagesHoldEveryElement(PageForm form) {
    try (Arena arena = Arena.ofConfined()) {
      for (int dim : new int[] {16, 64, 80, 96}) {
        MemorySegment values = page(arena, form, PageKernels.ROWS, dim);
        float[] expanded = new float[1 + PageKernels.ROWS * dim + 1];
        form.expand(values, AT, PageKernels.ROWS, dim, expanded, 1);
        for (int l = 0; l < PageKernels.ROWS; l++) {
          for (int j = 0; j < dim; j++) {
            long line = AT + (long) l * form.lineBytes(dim);
            assertThat(expanded[1 + l * dim + j])
                .isEqualTo(PageKernelsRef.element(form, values, line, j));
          }
        }
        assertThat(expanded[0]).isZero();
        assertThat(expanded[expanded.length - 1]).isZero();
      }
    }
  }

  @Test
  void rowsBeyondAPageAndOddDimsAreRefused() {
    MemorySegment page = MemorySegment.ofArray(new byte[64 * 64]);
    assertThatThrownBy(() -> new PageView(PageForm.I8, page, 0, 65, 64))
        .hasMessage("page: rows=65 must be 1 to 64");
    assertThatThrownBy(() -> new PageView(PageForm.I8, page, 0, 64, 72))
        .hasMessage("page: dim=72 must be a multiple of 16");
  }
}
