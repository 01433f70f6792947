package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of several heads and layers that are coded together, keys of them before rotation. */
class JointSidesTest {
  private static final LayerShape FULL = LayerShape.full(6, 2, 64);
  private static final LayerShape WINDOW = new LayerShape(6, 2, 64, 64, 100, 0.125f);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test-together(layers=1)",
        "test-together(layers=1,prompt=1)",
        "test-together(layers=2)",
        "test-together(layers=2,prompt=1)",
        "test-together(layers=3)",
        "k:test-together(layers=2) | v:f32",
        "test-together(layers=2) | layers=1-1:f32"
      })
  void givesWhatTheFullCacheGives(String plan) {
    try (ToyModel model = new ToyModel(1, 2, FULL, FULL, FULL, WINDOW, FULL);
        KvCache full = model.cache("f32");
        KvCache joint = model.cache(plan(plan))) {
      model.prefill(203, 64, full, joint);
      assertThat(joint.bytes()).isEqualTo(Footprint.bytes(plan(plan), model.shape, 203));
      for (int i = 0; i < 40; i++) {
        assertClose(model.step(1, full)[0][0], model.step(1, joint)[0][0]);
      }
      assertThat(joint.bytes()).isEqualTo(Footprint.bytes(plan(plan), model.shape, 243));
      try (KvCache fork = joint.fork()) {
        float[][] many = model.step(37, fork)[0];
        for (int i = 0; i < 37; i++) {
          assertThat(many[i]).isEqualTo(model.step(1, joint)[0][0]);
        }
      }
      float[] last = model.step(1, joint)[0][0];
      model.step(37, full);
      assertClose(model.step(1, full)[0][0], last);
    }
    // pages were freed exactly once, or closing the pool would have thrown
  }

  @Test
  void aPromptReadInStepsGivesTheSame() {
    try (ToyModel model = new ToyModel(2, 2, FULL, FULL);
        KvCache full = model.cache("f32");
        KvCache joint = model.cache(plan("test-together(layers=2)"))) {
      PrefillMode mode = new PrefillMode.Chunked(50);
      assertClose(model.read(mode, 130, full), model.read(mode, 130, joint));
    }
  }

  @Test
  void aPlanThatDropsPairsCodesEachHeadForItself() {
    String drops = "test-ada(keep=40%,every=7) | ";
    try (ToyModel model = new ToyModel(3, 2, FULL, FULL);
        KvCache full = model.cache(plan(drops + "f32"));
        KvCache alone = model.cache(plan(drops + "test-together(layers=1)"))) {
      model.prefill(150, 64, full, alone);
      for (int i = 0; i < 30; i++) {
        assertThat(alone.positions(1, 1)).isEqualTo(full.positions(1, 1));
        assertClose(model.step(1, full)[0][0], model.step(1, alone)[0][0]);
      }
    }
  }

  @Test
  void layersTogetherAndDroppingContradict() {
    assertThatThrownBy(() -> plan("knorm(keep=50%) | test-together"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "test-together(layers=2,prompt=0) codes the rows of 2 layers together, but a plan that"
                + " drops pairs keeps others in each");
    assertThatThrownBy(() -> plan("knorm(keep=50%) | layers=3-9:minicache"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "minicache(start=0,retain=5%,t=0.6) codes the rows of 2 layers together, but a plan that"
                + " drops pairs keeps others in each");
    assertThat(plan("knorm(keep=50%) | xkv(layers=1)").drops()).isTrue();
  }

  private static KvPlan plan(String text) {
    return KvPlan.parse(text, TestCodecs.METHODS);
  }

  private static void assertClose(float[] expected, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(2e-3f)); // windows are f16
    }
  }
}
