package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One exact prefill fills caches of many plans, with the union of the signals that they declare:
 * each gets what it gets alone, bit for bit, and decodes on as if alone.
 */
class SharedPrefillTest {
  /** Every role, signals of several sizes, some of them wanted by one plan only. */
  private static final List<KvPlan> PLANS =
      List.of(
              "f16",
              "f32",
              "q8",
              "k:q8 | v:q4",
              "kivi(bits=2)",
              "snapkv(keep=25%)",
              "snapkv(keep=25%,window=8) | kivi(bits=4)",
              "snapkv(keep=40,window=48,every=16) | pyramidkv",
              "h2o(keep=25%)",
              "h2o(keep=30,every=8) | q8",
              "knorm(keep=50%) | q4",
              "random(keep=12.5%)",
              "streaming-llm(keep=12.5%) | q8")
          .stream()
          .map(KvPlan::parse)
          .toList();

  /** Decoded after the prompt: past the seals and cuts of all plans. */
  private static final int FOLLOWING = 70;

  @TempDir private static Path folder;

  @ParameterizedTest
  @EnumSource
  void sharedEqualsIsolatedBitForBit(Precision precision) {
    try (Model model = TinyModel.load(folder, precision)) {
      sharedEqualsIsolated(model, 300);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("model")
  @Tag("slow")
  void soItDoesInARealModel(Precision precision) {
    ModelOptions options = ModelOptions.DEFAULT.withPrecision(precision);
    try (Model model = Model.load(Models.require("smollm2-135m-instruct"), options)) {
      sharedEqualsIsolated(model, 600);
    }
  }

  private static void sharedEqualsIsolated(Model model, int prompt) {
    int[] ids =
        new Random(3).ints(prompt + FOLLOWING, 0, model.config().vocabularySize()).toArray();
    int[] read = Arrays.copyOf(ids, prompt);
    int[] following = Arrays.copyOfRange(ids, prompt, ids.length);
    List<Sequence> together = PLANS.stream().map(model::sequence).toList();
    try {
      float[] logits = model.read(together, read, PassListener.NONE);
      for (Sequence shared : together) {
        try (Sequence alone = model.sequence(shared.plan())) {
          assertThat(logits).isEqualTo(alone.read(read, PassListener.NONE));
          assertThat(shared.cache().bytes())
              .as("%s", shared.plan())
              .isEqualTo(alone.cache().bytes());
          assertSamePositions(shared.cache(), alone.cache());
          assertThat(shared.follow(following))
              .as("%s", shared.plan())
              .isDeepEqualTo(alone.follow(following));
        }
      }
    } finally {
      together.forEach(Sequence::close);
    }
  }

  private static void assertSamePositions(KvCache shared, KvCache alone) {
    for (int l = 0; l < shared.shape().layers().size(); l++) {
      for (int g = 0; g < shared.shape().layer(l).kvHeads(); g++) {
        assertThat(shared.positions(l, g))
            .as("%s, layer %d, head %d", shared.plan(), l, g)
            .isEqualTo(alone.positions(l, g));
      }
    }
  }
}
