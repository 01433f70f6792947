package io.kvasir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Models;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.kernel.probe.MachineLimits;
import io.kvasir.kv.KvPlan;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WorkTest {
  private static final MachineLimits LIMITS =
      new MachineLimits(2, new TreeMap<>(Map.of(1L, 10e9)), 100e9, 200e9, Optional.empty());

  @Test
  void aQueryMeetsWhatIsStoredAndItselfWithinItsWindow() {
    assertThat(Work.pairs(0, 3, 0)).isEqualTo(1 + 2 + 3);
    assertThat(Work.pairs(10, 2, 0)).isEqualTo(11 + 12);
    assertThat(Work.pairs(3, 3, 5)).isEqualTo(4 + 5 + 5);
  }

  @Test
  void aStepTakesAsLongAsTheSlowerOfReadingAndComputing() {
    assertThat(new Work(0, 50e9, 20e9, 100e9, 100e9, 10e9).seconds()).isEqualTo(2);
    assertThat(new Work(0, 50e9, 1e9, 100e9, 100e9, 10e9).seconds()).isEqualTo(0.5);
    assertThat(new Work(100e9, 0, 0, 100e9, 1, 1).seconds()).isEqualTo(1);
  }

  @Test
  @Tag("model")
  void smolLm2ComputesTwiceItsParametersATokenAndReadsItsWeights() {
    ModelOptions options = ModelOptions.DEFAULT.withPrecision(Precision.EXACT);
    try (Model model = Model.load(Models.require("smollm2-135m-instruct"), options);
        Sequence sequence = model.sequence(KvPlan.parse("f16"))) {
      BenchCase test = new BenchCase(0, 4, 0, 1);
      Work empty = Work.of(model, LIMITS, test, sequence.cache(), 0);
      assertThat(empty.stepBytes()).isEqualTo(4.0 * model.weightBytes());
      // 134.5 M parameters, all but the norms in products; attention to 1 + 2 + 3 + 4 pairs
      double attention = 4.0 * 9 * 64 * 30 * 10;
      assertThat(empty.stepOperations()).isCloseTo(4 * 2 * 134.5e6 + attention, within(1e6));
      assertThat(empty.stepLimit()).isEqualTo(LIMITS.f32());
      sequence.read(new int[] {1, 2, 3}, PassListener.NONE);
      Work later = Work.of(model, LIMITS, test, sequence.cache(), sequence.cache().bytes());
      assertThat(later.stepOperations() - empty.stepOperations())
          .isCloseTo(4.0 * 9 * 64 * 30 * 3 * 4, within(1.0));
      assertThat(later.stepBytes() - empty.stepBytes()).isEqualTo(4.0 * sequence.cache().bytes());
    }
  }
}
