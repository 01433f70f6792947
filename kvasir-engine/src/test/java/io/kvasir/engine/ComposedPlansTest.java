package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.calibrate.CalibrationRun;
import io.kvasir.engine.calibrate.CalibrationStore;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.Methods;
import io.kvasir.kv.calibration.Calibrated.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scorer, a budget and a codec in one plan of a real model, calibrated where need be. */
@Tag("model")
@Tag("slow")
class ComposedPlansTest {
  private static final int PROMPT = 256;
  private static final int FOLLOWING = 24;

  @TempDir Path home;

  @Test
  void composedPlansHoldFewBytesAndStillForeseeAText() throws IOException {
    Path file = Models.require("smollm2-135m-instruct");
    ModelOptions exact = ModelOptions.DEFAULT.withPrecision(Precision.EXACT);
    String text = Files.readString(References.root().resolve("LICENSE"));
    try (Model model = Model.load(file, exact)) {
      CalibrationStore store = new CalibrationStore(home);
      CalibrationRun run = new CalibrationRun(model, store);
      for (String method : List.of("headkv(scores=induction)", "kvquant(bits=4)")) {
        run.run(
            Methods.builtIn().calibrated(method), text, new Reading(256, 256), PassListener.NONE);
      }
      KvModel bare = model.kvModel();
      KvModel calibrated =
          new KvModel(bare.shape(), bare.rotaries(), store.of(file, model.fingerprint()));
      int[] ids = model.tokenizer().encode(text, false, true);
      Outcome full = outcome(model, calibrated, "f16", ids);
      for (String plan :
          List.of(
              "knorm | headkv(keep=50%,scores=induction) | kvquant(bits=4)",
              "snapkv(keep=50%) | gear(bits=4)",
              "keyformer(keep=50%,recent=20%,seed=1) | kivi(bits=2)")) {
        Outcome composed = outcome(model, calibrated, plan, ids);
        assertThat(composed.pairs()).as(plan).isBetween(full.pairs() / 3, full.pairs() * 2 / 3);
        assertThat(composed.bytes()).as(plan).isLessThan(full.bytes() * 6 / 10);
        assertThat(composed.nats()).as(plan).isLessThan(full.nats() + 1);
      }
    }
  }

  /**
   * What became of a text.
   *
   * @param nats of the tokens after the prompt, each
   * @param pairs stored after the prompt
   * @param bytes likewise
   */
  private record Outcome(double nats, long pairs, long bytes) {}

  private static Outcome outcome(Model model, KvModel calibrated, String plan, int[] ids) {
    KvCache cache = KvCache.create(KvPlan.parse(plan), calibrated, model.pool());
    try (Sequence sequence = model.adopt(cache)) {
      sequence.read(Arrays.copyOf(ids, PROMPT), PassListener.NONE);
      long pairs = cache.pairs();
      long bytes = cache.bytes();
      float[][] logits = sequence.follow(Arrays.copyOfRange(ids, PROMPT, PROMPT + FOLLOWING));
      double nats = 0;
      for (int t = 0; t + 1 < FOLLOWING; t++) {
        nats += LogProbs.nll(logits[t], ids[PROMPT + t + 1]);
      }
      return new Outcome(nats / (FOLLOWING - 1), pairs, bytes);
    }
  }
}
