package io.kvasir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCaseTest {
  @Test
  void testsAreNamedAndOrderedAsInLlamaBench() {
    List<BenchCase> tests =
        BenchCase.all(
            List.of(512, 1024),
            List.of(64),
            List.of(new BenchCase.Pair(512, 64)),
            List.of(0, 4096),
            List.of(1));
    assertThat(tests)
        .extracting(BenchCase::toString)
        .containsExactly(
            "pp512",
            "pp1024",
            "tg64",
            "pp512+tg64",
            "pp512 @ d4096",
            "pp1024 @ d4096",
            "tg64 @ d4096",
            "pp512+tg64 @ d4096");
    assertThat(tests.getLast().tokens()).isEqualTo(576);
    assertThat(tests.getLast().length()).isEqualTo(4672);
  }

  @Test
  void severalSequencesDecodeInOneBatch() {
    List<BenchCase> tests =
        BenchCase.all(List.of(512), List.of(64), List.of(), List.of(0), List.of(1, 8));
    assertThat(tests).extracting(BenchCase::toString).containsExactly("pp512", "tg64", "tg64 x8");
    assertThat(tests.getLast().tokens()).isEqualTo(512);
    assertThat(tests.getLast().length()).isEqualTo(64);
    assertThatThrownBy(() -> new BenchCase(0, 8, 0, 0))
        .hasMessage(
            "0 sequences at once, 0 prompt tokens; expected at least one, and no prompt with more");
    assertThatThrownBy(() -> new BenchCase(16, 8, 0, 2)).hasMessageContaining("2 sequences");
  }

  @Test
  void zeroTokensAreNoTest() {
    assertThat(BenchCase.all(List.of(0), List.of(0, 8), List.of(), List.of(0), List.of(1)))
        .containsExactly(new BenchCase(0, 8, 0, 1));
    assertThatThrownBy(() -> new BenchCase(0, 0, 5, 1))
        .hasMessage("a test of 0 prompt tokens and 0 generated ones at depth 5 measures nothing");
    assertThatThrownBy(
            () -> BenchCase.all(List.of(-1), List.of(), List.of(), List.of(0), List.of(1)))
        .hasMessageStartingWith("a test of -1 prompt tokens");
  }
}
