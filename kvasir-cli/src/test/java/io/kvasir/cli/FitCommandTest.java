package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Models;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command fit, and what is refused when memory is short, on a real model. */
@Tag("model")
class FitCommandTest {
  private static final KvasirProcess KVASIR = new KvasirProcess(Map.of());

  private String model;

  @BeforeEach
  void findTheModel() {
    model = Models.require("smollm2-135m-instruct").toString();
  }

  @Test
  void tellsExactBytesPlanByPlan() {
    KvasirProcess.Ran ran =
        KVASIR.run("fit", "-m", model, "--kv", "f16", "--kv", "knorm(keep=2048)|q8", "--json");
    assertThat(ran.exit()).isZero();
    Map<String, Object> answer = Json.object(ran.out());
    assertThat(answer).containsEntry("context", 8192L).containsEntry("weight_bytes", 96576768L);
    assertThat(answer)
        .extractingByKey("plans")
        .asString()
        .startsWith(
            "[{plan=f16, bytes_per_token=23040.0, cache_bytes=188743680, reading_bytes=42471680,"
                + " total_bytes=327792128, fits=true, largest_context=8192}, {plan=knorm(keep=2048")
        .contains(" cache_bytes=25067520, reading_bytes=42471680,");
  }

  @Test
  void whatDoesNotFitIsShownWithTheContextThatDoes() {
    KvasirProcess.Ran ran =
        KVASIR.run("fit", "-m", model, "--memory", "350MB", "--kv", "f16", "--kv", "q4");
    assertThat(ran.exit()).isZero();
    assertThat(ran.out().lines())
        .anySatisfy(line -> assertThat(line).matches("f16 +23040 .* no  +[1-9]\\d{3}"))
        .anySatisfy(line -> assertThat(line).matches("q4 +6480 .* yes +8192"));
    KvasirProcess.Ran none = KVASIR.run("fit", "-m", model, "--memory", "100MB");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.out()).contains("left of --memory=100 MB.").doesNotContain("yes");
  }

  @Test
  void wrongInputIsNamed() {
    assertThat(KVASIR.run("fit", "-m", model, "--ctx", "9000").err())
        .contains("--ctx=9000: expected 1 to 8192 tokens, the context of smollm2-135m-instruct");
    KvasirProcess.Ran ran = KVASIR.run("fit", "-m", model, "--memory", "lots");
    assertThat(ran.err()).contains("kvasir: --memory=lots is no size of memory; expected one such");
    assertThat(ran.exit()).isEqualTo(2);
  }

  @Test
  void aLoadThatCannotSucceedIsRefusedBeforeItStarts() {
    KvasirProcess poor = new KvasirProcess(Map.of("KVASIR_MEMORY", "120MB"));
    KvasirProcess.Ran ran = poor.run("generate", "-m", model, "--text", "a", "--max-tokens", "1");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .containsPattern(
            "kvasir: smollm2-135m-instruct needs 96.6 MB for its weights, [0-9.]+ [kM]?B?.* are left"
                + " of KVASIR_MEMORY=120 MB; no model that Kvasir knows would fit\n");
  }

  @Test
  void aPromptThatCannotBeReadIsRefusedBeforeItIsRead() {
    String text = "a b c d e f g h i j ".repeat(800);
    KvasirProcess poor = new KvasirProcess(Map.of("KVASIR_MEMORY", "350MB"), "-Xmx100m");
    KvasirProcess.Ran ran = poor.run("generate", "-m", model, "--text", text);
    assertThat(ran.err())
        .containsPattern(
            "kvasir: a prompt of 8\\d{3} tokens needs 2\\d\\d MB with plan f16 \\(cache 18\\d MB, reading"
                + " it 4\\d\\.\\d MB\\), .* are left of KVASIR_MEMORY=350 MB;");
    assertThat(ran.exit()).isEqualTo(1);
  }

  @Test
  void aTextThatCannotBeScoredIsRefusedBeforeItIsRead() {
    KvasirProcess poor = new KvasirProcess(Map.of("KVASIR_MEMORY", "350MB"), "-Xmx100m");
    KvasirProcess.Ran ran =
        poor.run("score", "-m", model, "--text", "a b c d e f g h i j ".repeat(800));
    assertThat(ran.err())
        .containsPattern(
            "kvasir: the cache of a sequence that grows from 0 to 8\\d{3} tokens takes 18\\d MB more"
                + " with plan f16, .* are left of KVASIR_MEMORY=350 MB\n");
    assertThat(ran.exit()).isEqualTo(1);
  }
}
