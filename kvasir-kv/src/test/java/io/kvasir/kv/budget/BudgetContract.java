package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.Calibrations;
import io.kvasir.kv.Methods;
import io.kvasir.kv.Role;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every budget must hold. */
abstract class BudgetContract {

  abstract Budget budget();

  /** What was learned of the model, for budgets that ask. */
  Calibrations calibrations() {
    return Calibrations.NONE;
  }

  @ParameterizedTest
  @CsvSource({
    "30, 3, 1000, 500, 64",
    "24, 2, 1203, 300.75, 8",
    "2, 1, 100, 3.3, 0",
    "1, 1, 100, 50, 4",
    "30, 3, 1, 1, 32",
    "30, 3, 40, 39, 32",
    "12, 4, 8192, 8, 32"
  })
  void heldInTheMean(int layers, int heads, int seen, double mean, int protectedPairs) {
    ArrayAllotment allotment = allot(layers, heads, seen, mean, protectedPairs);
    double sum = 0;
    for (int[] layer : allotment.kept()) {
      for (int pairs : layer) {
        assertThat(pairs).isBetween(1, seen);
        sum += pairs;
      }
    }
    assertThat(sum / (layers * heads)).isCloseTo(mean, within(1.0));
  }

  @Test
  void keepingEverythingIsNotChanged() {
    for (int[] layer : allot(30, 3, 1000, 1000, 32).kept()) {
      assertThat(layer).containsOnly(1000);
    }
  }

  @Test
  void layersCutOneByOneGetWhatTheyGetTogether() {
    int[][] together = allot(30, 3, 1000, 250, 8).kept();
    ArrayAllotment byLayer = new ArrayAllotment(30, 3, 1000, 250, 8, calibrations());
    if (!budget().global()) {
      for (int layer = 0; layer < 30; layer++) {
        budget().allot(byLayer.cutting(layer, layer + 1));
      }
      assertThat(byLayer.kept()).isDeepEqualTo(together);
    }
  }

  @Test
  void namesAScorerThatExists() {
    String scorer = budget().defaultScorer().split("\\(", -1)[0];
    assertThat(Methods.builtIn().find(scorer).role()).isEqualTo(Role.SCORER);
  }

  final ArrayAllotment allot(int layers, int heads, int seen, double mean, int protectedPairs) {
    ArrayAllotment allotment =
        new ArrayAllotment(layers, heads, seen, mean, protectedPairs, calibrations());
    budget().allot(allotment);
    return allotment;
  }

  static int sum(int[] pairs) {
    return Arrays.stream(pairs).sum();
  }
}
