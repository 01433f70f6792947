package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodePlanesTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void codesAreReadAsTheyWereWritten(int bits) {
    int n = 96;
    int[] codes = new Random(bits).ints(n, 0, 1 << bits).toArray();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(CodePlanesRef.bytes(n, bits) + 3).fill((byte) -1);
      for (int i = n - 1; i >= 0; i--) {
        CodePlanesRef.put(page, 3, bits, i, codes[i]);
      }
      for (int i = 0; i < n; i++) {
        assertThat(CodePlanesRef.code(page, 3, bits, i)).isEqualTo(codes[i]);
      }
      assertThat(page.asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE)).containsOnly(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void tablesAreLookedUpAsTheScalarTwinDoes(int bits) {
    for (int n : new int[] {16, 64, 80, 256}) {
      byte[] random = new byte[(int) CodePlanesRef.bytes(n, bits) + 1];
      new Random(n).nextBytes(random);
      float[] table = Blocks.floats(1 << bits, bits);
      table[1] = -0f;
      table[2] = Float.NaN;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment codes = arena.allocate(random.length);
        codes.copyFrom(MemorySegment.ofArray(random));
        MemorySegment vector = arena.allocate(4L * n + 4);
        MemorySegment scalar = arena.allocate(4L * n + 4);
        CodePlanes.lookUp(codes, 1, bits, n, table, vector, 4);
        CodePlanesRef.lookUp(codes, 1, bits, n, table, scalar, 4);
        assertThat(vector.mismatch(scalar)).isEqualTo(-1);
      }
    }
  }

  @Test
  void otherCodesAreRefused() {
    MemorySegment page = Arena.ofAuto().allocate(64);
    assertThatThrownBy(() -> CodePlanes.lookUp(page, 0, 1, 16, new float[2], page, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("codes of 1 bits; expected 2 to 4");
  }
}
