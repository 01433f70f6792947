package io.kvasir.engine.perplexity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class RoundingTest {
  private static final Rounding ROUNDING = new Rounding(KvPlan.parse("f16"), 64, 2);
  private static final String TEXT =
      "The raven is a large black bird of the crow family. It eats what it finds, remembers where"
          + " it hid the rest, and learns from other ravens what people are up to. ";

  @Test
  void onePrecisionDoesNotDivergeFromItself() {
    RoundingResult result = measure(Precision.EXACT);
    assertThat(result.chunks()).isEqualTo(2);
    assertThat(result.scoredTokens()).isEqualTo(2 * 31);
    assertThat(result.prompt().maxKl()).isZero();
    assertThat(result.decoded().maxKl()).isZero();
    assertThat(result.decoded().sameTop().value()).isEqualTo(1);
  }

  @Test
  void theFastOneStaysNearTheExactOne() {
    RoundingResult result = measure(Precision.FAST);
    assertThat(result.precision()).isEqualTo("fast");
    assertThat(result.prompt().base()).isEqualTo("exact");
    assertThat(result.prompt().meanKl().value()).isLessThan(0.01);
    assertThat(result.decoded().meanKl().value()).isLessThan(0.01);
  }

  @Test
  void numbersThatMeasureNothingAreRefused() {
    assertThatThrownBy(() -> new Rounding(KvPlan.FULL, 3, 1))
        .hasMessage("chunk-tokens=3 must be at least 4");
    assertThatThrownBy(() -> new Rounding(KvPlan.FULL, 4, 0))
        .hasMessage("chunks=0 must be at least 1");
  }

  private static RoundingResult measure(Precision precision) {
    Path file = Models.require("smollm2-135m-instruct");
    try (Model base = Model.load(file, ModelOptions.DEFAULT.withPrecision(Precision.EXACT));
        Model rounded = Model.load(file, ModelOptions.DEFAULT.withPrecision(precision))) {
      int[] ids = base.tokenizer().encode(TEXT.repeat(6), false);
      return ROUNDING.measure(base, rounded, ids, PassListener.NONE);
    }
  }
}
