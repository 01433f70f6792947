package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a format finds in the rows of a sequence: a basis, atoms. */
class ForkTest {
  private static final LayerShape[] SHAPES = ToyModel.layers(2, 2, 2, 64);

  /** Forked before anything was found, and then the fork reads other rows and seals first. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gear(bits=2,group=64)",
        "random(keep=80) | gear(bits=2,group=64)",
        "xkv(layers=2,rank=16,rank-v=16)",
        "csr(atoms=2,dictionary=64,online=32)"
      })
  void forksFindForThemselves(String plan) {
    try (ToyModel one = new ToyModel(1, 1, SHAPES);
        ToyModel other = new ToyModel(2, 1, SHAPES);
        KvCache undisturbed = one.cache(plan);
        KvCache forked = one.cache(plan)) {
      one.step(1, undisturbed, forked);
      try (KvCache fork = forked.fork()) {
        for (int i = 0; i < 66; i++) {
          other.step(1, fork);
        }
        for (int i = 0; i < 66; i++) {
          float[][][] outputs = one.step(1, undisturbed, forked);
          assertThat(outputs[1][0]).isEqualTo(outputs[0][0]);
        }
        assertThat(forked.bytes()).isEqualTo(undisturbed.bytes());
      }
    }
  }
}
