package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UniformTest extends BudgetContract {
  @Override
  Budget budget() {
    return new Uniform();
  }

  @Test
  void everyHeadKeepsTheMean() {
    assertThat(allot(4, 2, 100, 25.5, 8).kept())
        .isDeepEqualTo(new int[][] {{25, 25}, {25, 25}, {25, 25}, {25, 25}});
  }
}
