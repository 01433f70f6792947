package io.kvasir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
@Tag("slow")
class DemoTest {
  private static final DemoDocument DOCUMENT =
      DemoDocument.plant(
          "prose", "The committee met again and decided nothing. ".repeat(20).strip());

  private static Model model;

  @BeforeAll
  static void load() {
    model = Model.load(Models.require("smollm2-135m-instruct"), ModelOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void nothingOfAnyQuestionIsReadBeforePlansCompress() {
    DemoPrompt prompt = DemoPrompt.of(model, DOCUMENT);
    String read = model.tokenizer().decode(prompt.document(), true);
    assertThat(read.substring(read.length() - 10)).isEqualTo("d nothing.");
    for (int i = 0; i < DOCUMENT.facts().size(); i++) {
      assertThat(model.tokenizer().decode(prompt.questions().get(i), true))
          .startsWith("\n\n" + DOCUMENT.facts().get(i).question())
          .endsWith("assistant\n");
    }
  }

  @Test
  void factsAreFoundAmongTheTokens() {
    DemoPrompt prompt = DemoPrompt.of(model, DOCUMENT);
    int[] positions = prompt.positions(model.tokenizer(), DOCUMENT.facts());
    for (int i = 0; i < positions.length; i++) {
      int[] rest = Arrays.copyOfRange(prompt.document(), positions[i], prompt.document().length);
      assertThat(model.tokenizer().decode(rest, true).strip())
          .startsWith(DOCUMENT.facts().get(i).sentence());
    }
  }

  @Test
  void plansAreComparedWithTheFullCache() {
    List<DemoPlan> plans =
        DemoPlan.comparison(
            List.of("q8", "f16", "streaming-llm(keep=25%,sinks=2)", "snapkv(keep=100%)"));
    DemoResult result = Demo.run(model, DOCUMENT, plans, "test", DemoProgress.NONE);
    assertThat(result.plans())
        .extracting(PlanResult::name)
        .containsExactly(
            "f16 (full)", "q8", "streaming-llm(keep=25%,sinks=2)", "snapkv(keep=100%)");
    PlanResult full = result.full();
    PlanResult keepsAll = result.plans().get(3);
    assertThat(full.meanKl()).isZero();
    assertThat(full.agreement()).isEqualTo(1);
    assertThat(keepsAll.answers()).isEqualTo(full.answers());
    assertThat(keepsAll.meanKl()).isZero();
    assertThat(result.plans().get(1).meanKl()).isBetween(1e-7, 0.01);
    assertThat(result.plans().get(2).meanKl()).isGreaterThan(0.01);
  }

  @Test
  void theMapShowsWhichPartOfTheDocumentIsKept() {
    List<DemoPlan> plans = DemoPlan.comparison(List.of("streaming-llm(keep=25%,sinks=2)"));
    DemoResult result = Demo.run(model, DOCUMENT, plans, "test", DemoProgress.NONE);
    int tokens = result.document().tokens();
    assertThat(result.full().kept().share()).hasDimensions(90, Math.min(480, tokens));
    for (float[] head : result.plans().get(1).kept().share()) {
      assertThat(head[0]).isPositive();
      assertThat(head[head.length / 2]).isZero();
      assertThat(head[head.length - 1]).isEqualTo(1);
    }
    for (float[] head : result.full().kept().share()) {
      assertThat(head).containsOnly(1);
    }
  }

  @Test
  void itEndsWhenToldAndLeavesNothingOpen() {
    try (Model other = Model.load(Models.require("smollm2-135m-instruct"), ModelOptions.DEFAULT)) {
      DemoProgress impatient =
          new DemoProgress() {
            @Override
            public void reading(int done, int total) {}

            @Override
            public void asking(int done, int total) {
              throw new CancellationException("enough");
            }
          };
      assertThatThrownBy(
              () ->
                  Demo.run(other, DOCUMENT, DemoPlan.comparison(List.of("q8")), "test", impatient))
          .isInstanceOf(CancellationException.class);
    } // a model with open sequences refuses to be closed
  }
}
