package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HalfTest {
  @Test
  void everyHalfWidensExactly() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(2 << 16);
      for (int i = 0; i < 1 << 16; i++) {
        all.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Lanes.LE), 2L * i, (short) i);
      }
      float[] out = new float[(1 << 16) + 1];
      Half.widen(all, 0, out, 1, 1 << 16);
      for (int i = 0; i < 1 << 16; i++) {
        float exact = Float.float16ToFloat((short) i);
        if (Float.isNaN(exact)) {
          assertThat(out[i + 1]).isNaN();
        } else {
          assertThat(Float.floatToRawIntBits(out[i + 1])).isEqualTo(Float.floatToRawIntBits(exact));
        }
      }
    }
  }

  @Test
  void narrowingRoundsToTheNearestAndWidensBack() {
    float[] x = Blocks.floats(101, 1);
    MemorySegment page = Arena.ofAuto().allocate(202);
    Half.narrow(x, 1, page, 2, 100);
    float[] back = new float[100];
    Half.widen(page, 2, back, 0, 100);
    for (int i = 0; i < 100; i++) {
      assertThat(back[i]).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(x[i + 1])));
      assertThat(Half.get(page, 2 + 2 * i)).isEqualTo(back[i]);
    }
  }
}
