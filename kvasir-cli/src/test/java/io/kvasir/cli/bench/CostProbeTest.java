package io.kvasir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CostProbeTest {
  @Test
  void warmingUpMeetsEveryShapeOfThePrompt() {
    assertThat(CostProbe.warmUpTokens(100)).isEqualTo(100);
    assertThat(CostProbe.warmUpTokens(512)).isEqualTo(512);
    assertThat(CostProbe.warmUpTokens(600)).isEqualTo(600);
    assertThat(CostProbe.warmUpTokens(2048)).isEqualTo(512);
    assertThat(CostProbe.warmUpTokens(1984)).isEqualTo(512 + 448);
  }
}
