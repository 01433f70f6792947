package io.kvasir.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeededTest {
  @Test
  void theSameSeedAndPurposeGiveTheSameNumbersForever() {
    assertThat(Seeded.of(1, "kv", 4096, 3).nextLong()).isEqualTo(FIRST);
  }

  @Test
  void anotherSeedOrPurposeGivesOthers() {
    long first = Seeded.of(1, "kv", 4096, 3).nextLong();
    assertThat(Seeded.of(2, "kv", 4096, 3).nextLong()).isNotEqualTo(first);
    assertThat(Seeded.of(1, "kv", 4096, 4).nextLong()).isNotEqualTo(first);
    assertThat(Seeded.of(1, "kv4", "096", 3).nextLong()).isNotEqualTo(first);
  }

  /** Recorded: a change here makes every stored result another one. */
  private static final long FIRST = -7897836343473019693L;
}
