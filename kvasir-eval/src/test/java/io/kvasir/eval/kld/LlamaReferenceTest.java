package io.kvasir.eval.kld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.engine.model.PassListener;
import io.kvasir.engine.perplexity.Estimate;
import io.kvasir.kv.KvPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against what llama.cpp printed of the same model, text, chunks and block formats; in the
 * precision that rounds activations, as it does.
 */
@Tag("model")
@Tag("slow")
class LlamaReferenceTest {
  private static Model model;
  private static String text = "";

  @BeforeAll
  static void load() throws IOException {
    Path data = References.require("../data/wikitext-2-valid.txt");
    model = Model.load(Models.require("smollm2-135m-instruct"), ModelOptions.DEFAULT);
    text = Files.readString(data).substring(0, 60_000);
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  @Test
  void f16IsItselfButForSixteenBits() {
    KldResult ours = measure("f16", 4);
    assertThat(ours.kl().mean().value()).isCloseTo(0, within(1e-5));
    assertThat(ours.kl().quantiles().max()).isLessThan(1e-4);
  }

  /** All chunks that were measured there, whose base is to be the same. */
  @Test
  void fourBitsCostWhatTheyCostThere() throws IOException {
    KldResult ours = measure("q4_0", 20);
    Estimate base = figure("f16", "Mean PPL\\(base\\) +: +([.0-9]+) ± +([.0-9]+)");
    assertThat(ours.perplexities().base().value()).isCloseTo(base.value(), within(base.error()));
    assertThat(ours.perplexities().base().error()).isCloseTo(base.error(), within(0.02));
    assertThat(ours.floor().kl().value()).isCloseTo(0, within(1e-5));
    Estimate kl = figure("q4_0", "Mean +KLD: +([.0-9]+) ± +([.0-9]+)");
    assertThat(ours.kl().mean().value())
        .isCloseTo(kl.value(), within(Math.max(0.15 * kl.value(), 3 * kl.error())));
    Estimate top = figure("q4_0", "Same top p: +([.0-9]+) ± +([.0-9]+)");
    assertThat(100 * ours.sameTop().value()).isCloseTo(top.value(), within(1.0));
    Estimate ratio =
        figure("q4_0", "Mean ln\\(PPL\\(Q\\)/PPL\\(base\\)\\) +: +([.0-9]+) ± +([.0-9]+)");
    assertThat(ours.perplexities().logRatio().value())
        .isCloseTo(ratio.value(), within(3 * ratio.error()));
  }

  @Test
  void eightBitsCostWhatRoundingCostsThere() throws IOException {
    Estimate kl = figure("q8_0", "Mean +KLD: +([.0-9]+) ± +([.0-9]+)");
    assertThat(measure("q8_0", 6).kl().mean().value())
        .isBetween(0.25 * kl.value(), 1.25 * kl.value());
  }

  private static KldResult measure(String plan, int chunks) {
    try (KldBase base =
        KldBase.open(Optional.empty(), OptionalInt.of(512), OptionalInt.of(chunks))) {
      return new Kld(KvPlan.parse(plan), base).measure(model, Optional.of(text), PassListener.NONE);
    }
  }

  /** A figure that was recorded there, and its error. */
  private static Estimate figure(String type, String pattern) throws IOException {
    String log = Files.readString(References.require("llama-kld/" + type + ".txt"));
    Matcher matcher = Pattern.compile(pattern).matcher(log);
    assertThat(matcher.find()).as(pattern).isTrue();
    return new Estimate(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
  }
}
