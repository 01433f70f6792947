package io.kvasir.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvPlanTest {

  @Test
  void fullKeepsEverythingAsF16() {
    assertThat(KvPlan.FULL).hasToString("f16").isEqualTo(KvPlan.parse("f16"));
    assertThat(KvPlan.FULL.scorer()).isEmpty();
    assertThat(KvPlan.FULL.keep()).isEqualTo(Keep.ALL);
    assertThat(KvPlan.FULL.every()).isEmpty();
    assertThat(KvPlan.FULL.drops()).isFalse();
    assertThat(KvPlan.FULL.protection(CutPoint.ofPrompt(10, 10))).isEqualTo(Protection.NONE);
    assertThat(KvPlan.FULL.signals().kinds()).isEmpty();
    assertThat(KvPlan.FULL.reader().readsAll()).isTrue();
    assertThat(KvPlan.FULL.reuse().shares()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "f16 -> f16",
        "q8 -> q8",
        "kivi -> kivi(bits=2,group=32,window=32)",
        "uniform | none | all | fresh -> f16",
        "knorm(keep=25%) -> knorm(keep=25%) | f16",
        "knorm(keep=25.50%) -> knorm(keep=25.5%) | f16",
        "knorm(keep=100%) -> knorm(keep=100%) | f16",
        "knorm(keep=0512) -> knorm(keep=512) | f16",
        "knorm(keep=64MB) -> knorm(keep=64MB) | f16",
        "knorm(keep=1.5MB) -> knorm(keep=1500KB) | f16",
        "knorm(keep=4000KB) -> knorm(keep=4MB) | f16",
        "knorm(keep=1001B) -> knorm(keep=1001B) | f16",
        "snapkv(keep=25%) -> snapkv(keep=25%,window=32,kernel=5,pool=mean) | f16",
        "snapkv(pool=max,keep=25%) -> snapkv(keep=25%,window=32,kernel=5,pool=max) | f16",
        "q8 | snapkv(keep=601,kernel=7) -> snapkv(keep=601,window=32,kernel=7,pool=mean) | q8",
        "pyramidkv(keep=1%) -> snapkv(keep=1%,window=8,kernel=7,pool=max) | pyramidkv(beta=20) | f16",
        "pyramidkv(beta=2.50) | knorm(keep=9) -> knorm(keep=9) | pyramidkv(beta=2.5) | f16",
        "knorm | pyramidkv(keep=9,every=3) -> knorm(keep=9,every=3) | pyramidkv(beta=20) | f16",
        "h2o(keep=20%) -> h2o(keep=20%,recent=50%) | f16",
        "h2o(keep=20%,recent=0.25) -> h2o(keep=20%,recent=25%) | f16",
        "h2o(keep=20%,recent=12.5%) -> h2o(keep=20%,recent=12.5%) | f16",
        "random(keep=9,seed=18) -> random(keep=9,seed=18) | f16",
        "knorm(keep=9,every=64) -> knorm(keep=9,every=64) | f16",
        "protect(recent=64) | knorm(keep=9) -> knorm(keep=9) | protect(sinks=0,recent=64) | f16",
        "k:q8 -> k:q8 | v:f16",
        "v:q4 | k:q8 -> k:q8 | v:q4",
        "k:q8 | v:q8 -> q8",
        "layers=2-3:q8 | layers=0-1:q8 -> f16 | layers=0-3:q8",
        "q8 | layers=0-1:q8 -> q8",
        "k:q8 | layers=4-9:f32 | v:q4 -> k:q8 | v:q4 | layers=4-9:f32",
      })
  void printsCanonically(String text, String canonical) {
    KvPlan plan = KvPlan.parse(text);
    assertThat(plan).hasToString(canonical);
    assertThat(KvPlan.parse(canonical)).isEqualTo(plan).hasToString(canonical);
    assertThat(KvPlan.parse(canonical)).hasSameHashCodeAs(plan);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapkv(keep=25%,window=16)|k:q8|v:q4",
        "  snapkv ( keep = 25% , window = 16 )  |  k : q8  |  v : q4  ",
        "v:q4\n| k:q8\n| snapkv(\n  window=16,\n  keep=25%)\n",
        "v:q4 | uniform(keep=25%) | k:q8 | snapkv(window=16)",
      })
  void spacesAndOrderDoNotMatter(String text) {
    assertThat(KvPlan.parse(text))
        .hasToString("snapkv(keep=25%,window=16,kernel=5,pool=mean) | k:q8 | v:q4");
  }

  @Test
  void keepIsWhatWasWritten() {
    assertThat(KvPlan.parse("knorm(keep=12.5%)").keep())
        .isEqualTo(new Keep.Share(new BigDecimal("0.125")));
    assertThat(KvPlan.parse("knorm(keep=512)").keep()).isEqualTo(new Keep.Pairs(512));
    assertThat(KvPlan.parse("knorm(keep=64MB)").keep()).isEqualTo(new Keep.Bytes(64_000_000));
    assertThat(KvPlan.parse("knorm(keep=1GB)").keep()).isEqualTo(new Keep.Bytes(1_000_000_000));
    assertThat(KvPlan.parse("knorm(keep=9,every=64)").every()).isEqualTo(OptionalInt.of(64));
  }

  @Test
  void keepingEverythingDropsNothingAndNeedsNoSignals() {
    KvPlan plan = KvPlan.parse("snapkv(keep=100.0%)");
    assertThat(plan.keep()).isEqualTo(Keep.ALL);
    assertThat(plan.drops()).isFalse();
    assertThat(plan.signals()).isEqualTo(Signals.of());
  }

  @Test
  void declaresTheSignalsOfItsScorer() {
    Signals snapKv = KvPlan.parse("snapkv(keep=25%,window=64)").signals();
    assertThat(snapKv.recentQueries()).isEqualTo(64);
    assertThat(snapKv.needs(Signals.Kind.ATTENTION_MASS)).isFalse();
    assertThat(KvPlan.parse("h2o(keep=25%)").signals().needs(Signals.Kind.ATTENTION_MASS)).isTrue();
  }

  @Test
  void protectionOfThePlanReplacesTheScorersOwn() {
    assertThat(KvPlan.parse("snapkv(keep=25%)").protection(CutPoint.ofPrompt(400, 100)))
        .isEqualTo(new Protection(0, 32));
    assertThat(
            KvPlan.parse("snapkv(keep=25%) | protect(sinks=4)")
                .protection(CutPoint.ofPrompt(400, 100)))
        .isEqualTo(new Protection(4, 0));
  }

  @Test
  void h2oProtectsAShareOfWhatAHeadKeeps() {
    assertThat(KvPlan.parse("h2o(keep=25%)").protection(CutPoint.ofPrompt(28, 7)))
        .isEqualTo(new Protection(0, 3));
    assertThat(KvPlan.parse("h2o(keep=25%,recent=29%)").protection(CutPoint.ofPrompt(400, 100)))
        .isEqualTo(new Protection(0, 29));
  }

  @Test
  void codecsOfLayersBeatTheGeneralOnes() {
    KvPlan plan = KvPlan.parse("k:q8 | v:q4 | layers=2-3:f32");
    assertThat(plan.keyCodec(1)).isEqualTo(KvPlan.parse("q8").keyCodec(0));
    assertThat(plan.valueCodec(1)).isEqualTo(KvPlan.parse("q4").valueCodec(0));
    for (int layer = 2; layer <= 3; layer++) {
      assertThat(plan.keyCodec(layer)).isEqualTo(KvPlan.parse("f32").keyCodec(layer));
      assertThat(plan.valueCodec(layer)).isEqualTo(plan.keyCodec(layer));
    }
    assertThat(plan.keyCodec(4)).isEqualTo(plan.keyCodec(1));
  }

  @Test
  void isCheckedAgainstTheLayersOfAModel() {
    KvModel model = KvModel.of(new KvShape(Collections.nCopies(30, LayerShape.full(9, 3, 64))));
    assertThatCode(() -> KvPlan.parse("q8 | layers=28-29:f16").check(model))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> KvPlan.parse("f16 | layers=28-30:q8").check(model))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("layers=28-30:q8 names layer 30, but the model has layers 0 to 29");
  }

  @Test
  void whatActsMustHaveBeenCalibratedAndNothingElse() {
    List<String> asked = new ArrayList<>();
    Calibrations asking =
        name -> {
          asked.add(name);
          return Calibrations.NONE.find(name);
        };
    for (String plan :
        List.of(
            "qfilters(keep=100%)",
            "snapkv(keep=25%) | q8",
            "qfilters(keep=25%)",
            "headkv(keep=25%)",
            "layers=0-3:csr(atoms=4)")) {
      KvPlan.parse(plan).checkCalibrated(asking);
    }
    assertThat(asked).containsExactly("qfilters", "headkv(scores=r2)", "csr(dictionary=1024)");
  }
}
