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
                form, new Rows(q, 1, dim + 1), heads, keys, AT, rows, dim, new Rows(out, 2, 70));
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
                form, Rows.of(p, 64), heads, values, AT, rows, dim, new Rows(acc, 3, dim));
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
  void theExpandedPageGivesTheSameBits(PageForm form) {
    try (Arena arena = Arena.ofConfined()) {
      int dim = 96;
      MemorySegment values = page(arena, form, PageKernels.ROWS, dim);
      float[] expanded = new float[PageKernels.ROWS * dim];
      PageKernels.expand(form, values, AT, PageKernels.ROWS, dim, expanded, 0);
      for (int l = 0; l < PageKernels.ROWS; l++) {
        for (int j = 0; j < dim; j++) {
          long line = AT + (long) l * form.lineBytes(dim);
          assertThat(expanded[l * dim + j])
              .isEqualTo(PageKernelsRef.element(form, values, line, j));
        }
      }
      float[] p = Blocks.floats(20 * 64, 1);
      float[] onCodes = new float[20 * dim];
      float[] onFloats = new float[20 * dim];
      PageKernels.accumulate(form, Rows.of(p, 64), 20, values, AT, 64, dim, Rows.of(onCodes, dim));
      Gemm.accumulate(Rows.of(p, 64), 20, Rows.of(expanded, dim), 64, dim, Rows.of(onFloats, dim));
      assertThat(onCodes).isEqualTo(onFloats);
    }
  }

  @Test
  void rowsBeyondAPageAreRefused() {
    MemorySegment page = MemorySegment.ofArray(new byte[64 * 64]);
    Rows any = Rows.of(new float[64], 64);
    assertThatThrownBy(() -> PageKernels.scores(PageForm.I8, any, 1, page, 0, 65, 64, any))
        .hasMessage("page: rows=65 must be 1 to 64");
  }
}
