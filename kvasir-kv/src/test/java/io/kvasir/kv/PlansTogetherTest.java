package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods of different roles in one plan. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlansTogetherTest {
  private static final int TOKENS = 150;
  private static final int HEADS = 2;

  private final ToyModel model = new ToyModel(3, 2, ToyModel.layers(2, 4, HEADS, 64));
  private final ToyModel oneLayer = new ToyModel(3, 1, ToyModel.layers(1, 4, HEADS, 64));

  @AfterAll
  void close() {
    model.close();
    oneLayer.close();
  }

  static Stream<Arguments> codecsAndScorers() {
    return names(Role.CODEC)
        .flatMap(codec -> names(Role.SCORER).map(scorer -> arguments(codec, scorer)));
  }

  private static Stream<String> names(Role role) {
    return Methods.builtIn().list().stream()
        .filter(method -> method.role() == role)
        .map(MethodInfo::name);
  }

  /** Every codec, scorer and budget: together they work, or one sentence says why they cannot. */
  @ParameterizedTest
  @MethodSource("codecsAndScorers")
  void workOrAreRefusedWithTheReason(String codec, String scorer) {
    for (String budget : names(Role.BUDGET).toList()) {
      String plan = "%s | %s(keep=50%%) | %s".formatted(scorer, budget, codec);
      try (KvCache cache = oneLayer.cache(plan)) {
        oneLayer.prefill(TOKENS, TOKENS, cache);
        assertFinite(plan, oneLayer.step(1, cache)[0][0]);
        assertThat(cache.pairs()).as(plan).isLessThan(HEADS * TOKENS);
      } catch (KvPlanException refused) {
        assertThat(refused.getMessage())
            .as(plan)
            .containsPattern(scorer + "|" + budget + "|" + codec)
            .matches("([^\\n.]|\\.(?=\\d)){20,250}"); // one sentence, maybe with decimals
      }
      assertThat(oneLayer.pool.usedPages()).as(plan).isZero();
    }
  }

  private static void assertFinite(String plan, float[] output) {
    for (float x : output) {
      assertThat(x).as(plan).isFinite();
    }
  }

  /** What the codec loses of the same pairs, at most, and the bytes that were foretold. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = ";",
      value = {
        "snapkv(keep=50%,window=8); gear(bits=2); 0.6",
        "snapkv(keep=50%,window=8); gear(bits=4); 0.2",
        "knorm | headkv(keep=50%); kvquant(bits=3); 0.6",
        "knorm | headkv(keep=50%,scores=retrieval); kvquant(bits=4); 0.2",
        "knorm | headkv(keep=50%); rotatekv(bits=4); 0.3",
        "keyformer(keep=50%,recent=20%,seed=1); kivi(bits=2); 0.9",
        "keyformer(keep=50%,recent=20%,seed=1); kivi(bits=4); 0.2",
      })
  void holdTheSamePairsInFewerBytes(String dropping, String codec, double lost) {
    KvPlan plan = KvPlan.parse(dropping + " | " + codec);
    try (KvCache exact = model.cache(dropping + " | f32");
        KvCache coded = model.cache(plan)) {
      model.prefill(TOKENS, 64, exact, coded);
      for (int l = 0; l < 2; l++) {
        for (int g = 0; g < HEADS; g++) {
          assertThat(coded.positions(l, g)).isEqualTo(exact.positions(l, g));
        }
      }
      long told = Footprint.bytes(plan, model.shape, TOKENS);
      assertThat(coded.bytes()).isLessThan(exact.bytes() / 2);
      if (plan.budget().toString().startsWith("Uniform")) {
        assertThat(coded.bytes()).isEqualTo(told);
      } else {
        assertThat(Math.abs(coded.bytes() - told)).isLessThanOrEqualTo(slackOfPages(coded));
      }
      float[][][] outputs = model.step(1, exact, coded);
      double error = 0;
      double size = 0;
      for (int i = 0; i < outputs[0][0].length; i++) {
        error += Math.pow(outputs[1][0][i] - outputs[0][0][i], 2);
        size += Math.pow(outputs[0][0][i], 2);
      }
      assertThat(Math.sqrt(error / size)).isLessThan(lost).isGreaterThan(1e-4);
    }
  }

  /** Where heads hold different numbers of pairs, each may need a page more or less. */
  private static long slackOfPages(KvCache cache) {
    long slack = 0;
    for (int l = 0; l < 2; l++) {
      for (HeadStore head : List.of(cache.layer(l).heads())) {
        slack += head.keys().format().firstPageBytes() + head.values().format().firstPageBytes();
        slack += 4L * 64 + 2 * RawWindow.bytesFor(64, 64); // positions, and rows that wait
      }
    }
    return slack;
  }
}
