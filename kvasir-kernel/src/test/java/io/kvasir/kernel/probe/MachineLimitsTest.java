package io.kvasir.kernel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.kernel.OneDnn;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  private static final int CHAINS = 12;

  @Test
  void everyWordOfAWorkingSetIsRead() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(3L * ReadBandwidth.BLOCK, 8);
      Random random = new Random(7);
      for (long at = 0; at < words.byteSize(); at += Long.BYTES) {
        words.set(ValueLayout.JAVA_LONG, at, random.nextLong());
      }
      assertThat(ReadBandwidth.sum(words)).isEqualTo(ReadBandwidth.sumRef(words));
    }
  }

  @Test
  void everyMultiplyAddIsDone() {
    int rounds = 1000;
    assertThat(MultiplyAdds.floats(rounds))
        .isEqualTo((double) CHAINS * FloatVector.SPECIES_PREFERRED.length() * rounds);
    short lane = 0;
    for (int r = 0; r < rounds; r++) {
      lane = (short) (3 * lane + 1);
    }
    int lanes = CHAINS * ShortVector.SPECIES_PREFERRED.length();
    assertThat(MultiplyAdds.shorts(rounds)).isEqualTo((short) (lanes * lane));
  }

  @Test
  void limitsAreOfTheSizesAndThreadsAskedFor() {
    try (Workers workers = new Workers(1)) {
      MachineLimits limits = MachineLimits.measure(workers, 1 << 20, 64 << 10);
      assertThat(limits.threads()).isEqualTo(1);
      assertThat(limits.readBytesPerSecond()).containsOnlyKeys(64L << 10, 1L << 20);
      assertThat(limits.memory()).isEqualTo(limits.readBytesPerSecond().get(1L << 20));
      // far below any machine's, for this one may be busy
      assertThat(limits.memory()).isGreaterThan(1e6);
      assertThat(limits.f32()).isGreaterThan(1e6);
      assertThat(limits.int8()).isGreaterThan(1e6);
      assertThat(limits.bf16().isPresent()).isEqualTo(OneDnn.available());
    }
  }
}
