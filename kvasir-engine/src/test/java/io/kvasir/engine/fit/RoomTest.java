package io.kvasir.engine.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.model.Architecture;
import io.kvasir.engine.model.LayerConfig;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Rope;
import io.kvasir.kernel.Rotary;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.PagePool;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
  private static final long GB = 1_000_000_000;

  /** SmolLM2-135M: 30 layers of 3 KV heads with 64 elements, 23,040 bytes a token in f16. */
  private static final ModelConfig SMOL =
      new ModelConfig(
          Architecture.LLAMA,
          8192,
          49152,
          576,
          1536,
          1e-5f,
          1,
          Collections.nCopies(
              30,
              new LayerConfig(
                  LayerShape.full(9, 3, 64),
                  new Rope(Rotary.Pairs.INTERLEAVED, 64, 1e5, 1, false))));

  @ParameterizedTest
  @CsvSource({"f32, 46080", "f16, 23040"})
  void uncodedPlansTakeExactlyTheirElements(String plan, long bytesPerToken) {
    Fit fit = Fit.of(SMOL, 100, KvPlan.parse(plan), 8192);
    assertThat(fit.cache()).isEqualTo(8192 * bytesPerToken);
    assertThat(fit.bytesPerToken()).isEqualTo(bytesPerToken);
    assertThat(fit.total()).isEqualTo(100 + fit.cache() + fit.reading());
  }

  @Test
  void readingHoldsOneRawLayerTheStatesAndTheBuffersOfATile() {
    long rawLayer = 8192 * 3 * 128 * 4;
    long states = 8193 * 576 * 4;
    long tile = 512 * 4 * (1 + 576 + 2 * 1536 + 576 + 192 + 192 + 576);
    long logits = 2 * 4 * 49152;
    assertThat(Fit.of(SMOL, 0, KvPlan.FULL, 8192).reading())
        .isEqualTo(rawLayer + states + tile + logits);
  }

  @Test
  void aCutPlanTakesItsShareWhateverThePromptHeld() {
    Fit full = Fit.of(SMOL, 0, KvPlan.FULL, 8192);
    Fit cut = Fit.of(SMOL, 0, KvPlan.parse("snapkv(keep=25%)"), 8192);
    assertThat((double) cut.cache() / full.cache()).isBetween(0.25, 0.27);
    assertThat(cut.reading()).isEqualTo(full.reading());
  }

  @Test
  void theLargestPromptFitsAndOneTokenMoreDoesNot() {
    KvPlan plan = KvPlan.parse("q8");
    Room room = room(GB / 10, 0);
    int most = room.largestPrompt(SMOL, GB / 50, plan);
    assertThat(most).isBetween(1000, 8000);
    assertThat(Fit.of(SMOL, GB / 50, plan, most).total()).isLessThanOrEqualTo(GB / 10);
    assertThat(Fit.of(SMOL, GB / 50, plan, most + 1).total()).isGreaterThan(GB / 10);
    assertThat(room.largestPrompt(SMOL, GB, plan)).isZero();
    assertThat(room(100 * GB, 0).largestPrompt(SMOL, GB, plan)).isEqualTo(8192);
  }

  @Test
  void aModelThatCannotBeLoadedIsRefusedWithOneThatCan() {
    assertThatThrownBy(() -> room(GB / 2, 0).checkLoad("big", 4 * GB))
        .isInstanceOf(DoesNotFitException.class)
        .hasMessage(
            "big needs 4.00 GB for its weights, 500 MB are available on this machine; gemma-3-270m"
                + " would fit");
    assertThatThrownBy(() -> room(1000, 0).checkLoad("big", 4 * GB))
        .hasMessageEndingWith("no model that Kvasir knows would fit");
    assertThatCode(() -> room(GB, 3 * GB).checkLoad("big", 4 * GB))
        .as("swapping is slow, but it does succeed")
        .doesNotThrowAnyException();
  }

  @Test
  void aPromptThatCannotBeReadIsRefusedWithWhatWouldFit() {
    assertThatThrownBy(() -> room(150_000_000, 0).checkPrompt(SMOL, List.of(KvPlan.FULL), 8000))
        .isInstanceOf(DoesNotFitException.class)
        .hasMessage(
            "a prompt of 8000 tokens needs 226 MB with plan f16 (cache 184 MB, reading it 41.7 MB),"
                + " 150 MB are available on this machine; 5120 tokens would fit, or all of them with"
                + " plan q8");
    assertThatThrownBy(() -> room(1_000_000, 0).checkPrompt(SMOL, List.of(KvPlan.FULL), 8000))
        .hasMessageEndingWith("; take a smaller model");
  }

  @Test
  void cachesOfSeveralPlansAddUpAndAreReadOnce() {
    List<KvPlan> plans = List.of(KvPlan.FULL, KvPlan.FULL);
    long both = 2L * 8000 * 23040 + Fit.of(SMOL, 0, KvPlan.FULL, 8000).reading();
    assertThatCode(() -> room(both, 0).checkPrompt(SMOL, plans, 8000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> room(both - 1, 0).checkPrompt(SMOL, plans, 8000))
        .hasMessageContaining("with plan f16 and f16 (cache 369 MB");
  }

  @Test
  void aHeapThatIsTooSmallIsNamed() {
    Room room = new Room(new MachineMemory(GB, 0, "there"), 16_000_000);
    assertThatThrownBy(() -> room.checkPrompt(SMOL, List.of(KvPlan.FULL), 8000))
        .hasMessageMatching(
            "reading 8000 tokens at once takes 29\\.. MB of Java heap, which may have 16\\.0 MB;"
                + " \\d+ tokens would fit, or give Java more \\(-Xmx\\)");
  }

  @Test
  void aSequenceThatCannotGrowIsRefused() {
    try (PagePool pool = new PagePool();
        KvCache full = KvCache.create(KvPlan.FULL, KvModel.of(SMOL.kvShape()), pool);
        KvCache cut =
            KvCache.create(KvPlan.parse("knorm(keep=9)"), KvModel.of(SMOL.kvShape()), pool)) {
      assertThatCode(() -> room(184_320_000, 0).checkGrowth(full, 8000)).doesNotThrowAnyException();
      assertThatCode(() -> room(1, 0).checkGrowth(cut, 8000)).doesNotThrowAnyException();
      assertThatThrownBy(() -> room(184_319_999, 0).checkGrowth(full, 8000))
          .isInstanceOf(DoesNotFitException.class)
          .hasMessage(
              "the cache of a sequence that grows from 0 to 8000 tokens takes 184 MB more with plan"
                  + " f16, 184 MB are available on this machine");
    }
  }

  @Test
  void whatThereIsNowIsEnoughForALittle() {
    assertThatCode(() -> Room.now().checkPrompt(SMOL, List.of(KvPlan.FULL), 10))
        .doesNotThrowAnyException();
    assertThatCode(() -> Room.now().checkLoad("small", 1_000_000)).doesNotThrowAnyException();
  }

  private static Room room(long memory, long swap) {
    return new Room(new MachineMemory(memory, swap, "available on this machine"), Long.MAX_VALUE);
  }
}
