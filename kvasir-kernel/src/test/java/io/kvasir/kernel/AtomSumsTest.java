package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtomSumsTest {
  @ParameterizedTest
  @CsvSource({"64,8,0", "64,8,11", "32,4,1", "80,5,9", "128,1,30", "40,3,0", "8,4,5"})
  void rowsAreThoseOfTheScalarTwin(int dim, int each, int own) {
    int rows = 37;
    int size = 29;
    Random random = new Random(dim);
    float[] atoms = Blocks.floats(size * dim, 1);
    float[] more = Blocks.floats(own * dim, 2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment codes = arena.allocate(4L * rows * each, 4);
      for (int i = 0; i < rows * each; i++) { // some atoms are not there
        int weight = Float.floatToFloat16((float) random.nextGaussian()) << 16;
        codes.setAtIndex(ValueLayout.JAVA_INT, i, weight | random.nextInt(size + own + 3));
      }
      float[] out = new float[rows * dim];
      float[] twin = new float[rows * dim];
      AtomSums.rows(codes, rows, each, atoms, more, dim, out);
      AtomSumsRef.rows(codes, rows, each, atoms, more, dim, twin);
      assertThat(out).isEqualTo(twin);
    }
  }

  @ParameterizedTest
  @CsvSource({"16", "64", "80"})
  void rowsStandSideBySide(int dim) {
    float[] in = Blocks.floats(PageLayout.SLOTS * dim, 1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(4L * in.length, 64);
      AtomSums.columns(in, dim, out);
      for (int i = 0; i < in.length; i++) {
        int at = i % dim * PageLayout.SLOTS + i / dim;
        assertThat(out.getAtIndex(ValueLayout.JAVA_FLOAT, at)).isEqualTo(in[i]);
      }
    }
  }
}
