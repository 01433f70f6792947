package io.kvasir.engine.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.References;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Against llama.cpp's {@code --kl-divergence} with quantised caches: the same model, text, chunks
 * and block formats.
 */
@Tag("model")
@Tag("slow")
class LlamaDivergenceTest {
  private static Model model;
  private static int[] text;

  @BeforeAll
  static void load() throws IOException {
    Path data = References.require("../data/wikitext-2-valid.txt");
    model = Model.load(Models.require("smollm2-135m-instruct"), ModelOptions.DEFAULT);
    text = model.tokenizer().encode(Files.readString(data).substring(0, 60_000), false);
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  @Test
  void fourBitsCostWhatTheyCostThere() throws IOException {
    Recorded recorded = Recorded.of("q4_0");
    // All the chunks that were recorded: the first four alone are 24 % above their mean.
    Divergence ours = measure("q4_0", 20);
    assertThat(ours.meanKl().value()).isCloseTo(recorded.kl(), Percentage.withPercentage(5));
    assertThat(ours.sameTop().value()).isCloseTo(recorded.sameTop(), within(0.01));
  }

  /**
   * There, queries and activations are rounded to 8 bits as well, which hides what a cache of 8
   * bits costs; here the cache alone is: 0.0004 over all 20 chunks, so two are enough.
   */
  @Test
  void eightBitsCostLessThanThere() throws IOException {
    Recorded recorded = Recorded.of("q8_0");
    Divergence ours = measure("q8_0", 2);
    assertThat(ours.meanKl().value()).isBetween(recorded.kl() / 20, recorded.kl());
    assertThat(ours.sameTop().value()).isGreaterThan(recorded.sameTop());
  }

  private record Recorded(double kl, double sameTop) {
    static Recorded of(String type) throws IOException {
      String log = Files.readString(References.require("llama-kld/" + type + ".txt"));
      return new Recorded(
          figure(log, "Mean    KLD: +([-.0-9]+)"), figure(log, "Same top p: +([.0-9]+)") / 100);
    }

    private static double figure(String log, String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(log);
      assertThat(matcher.find()).as(pattern).isTrue();
      return Double.parseDouble(matcher.group(1));
    }
  }

  private static Divergence measure(String plan, int chunks) {
    return new Perplexity(
            KvPlan.parse(plan), Optional.of(KvPlan.FULL), PrefillMode.CODED, 512, chunks)
        .measure(model, text, PassListener.NONE)
        .divergence()
        .orElseThrow();
  }
}
