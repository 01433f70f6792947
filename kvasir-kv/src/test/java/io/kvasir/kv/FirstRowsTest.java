package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** First tokens that a codec leaves as they are. */
class FirstRowsTest {
  private static final LayerShape[] SHAPES = ToyModel.layers(1, 4, 2, 64);

  /** A fork that reads other first tokens than its original disturbs nothing of it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "kvquant(bits=2,sinks=4)",
        "random(keep=50%) | kvquant(bits=2,sinks=4)",
        "rotatekv(bits=2,sinks=4)",
        "random(keep=50%) | rotatekv(bits=2,sinks=4)"
      })
  void areEachForksOwn(String plan) {
    try (ToyModel one = new ToyModel(1, 1, SHAPES);
        ToyModel other = new ToyModel(2, 1, SHAPES);
        KvCache undisturbed = one.cache(plan);
        KvCache forked = one.cache(plan)) {
      one.step(2, undisturbed, forked);
      try (KvCache fork = forked.fork()) {
        for (int i = 0; i < 4; i++) {
          other.step(1, fork);
          float[][][] outputs = one.step(1, undisturbed, forked);
          assertThat(outputs[1][0]).isEqualTo(outputs[0][0]);
        }
      }
    }
  }
}
