package io.kvasir.kv.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers per layer are those of kvpress, PyramidKVPress, recorded on models of L layers. */
class PyramidKvTest extends BudgetContract {
  @Override
  Budget budget() {
    return new PyramidKv(20);
  }

  @Test
  void fallsLinearlyFromLayerToLayer() {
    assertThat(layers(30, 1203, 300.75, 8))
        .containsExactly(
            586, 567, 547, 527, 508, 488, 468, 449, 429, 409, 389, 370, 350, 330, 311, 291, 271,
            251, 232, 212, 192, 173, 153, 133, 114, 94, 74, 54, 35, 15);
    assertThat(layers(24, 1203, 601.5, 8))
        .containsExactly(
            1173, 1123, 1074, 1024, 974, 924, 875, 825, 775, 726, 676, 626, 577, 527, 477, 428, 378,
            328, 279, 229, 179, 129, 80, 30);
    int[] long8k = layers(30, 8192, 1638.4, 64);
    assertThat(long8k[0]).isEqualTo(3195);
    assertThat(long8k[29]).isEqualTo(82);
  }

  @Test
  void shortPromptFlattensThePyramid() {
    assertThat(layers(30, 1203, 601.5, 64))
        .containsExactly(
            1139, 1102, 1065, 1028, 991, 954, 917, 880, 842, 805, 768, 731, 694, 657, 620, 583, 546,
            509, 472, 435, 398, 361, 323, 286, 249, 212, 175, 138, 101, 64);
    assertThat(layers(30, 1000, 500, 64)).startsWith(936, 906, 876).endsWith(94, 64);
  }

  @ParameterizedTest
  @CsvSource({"1203, 300.75, 64, 300", "1000, 250, 64, 250", "4096, 1024, 64, 1024"})
  void isUniformWhereTheLastLayerCouldNotHoldWhatIsProtected(
      int seen, double mean, int protectedPairs, int each) {
    assertThat(layers(30, seen, mean, protectedPairs)).containsOnly(each);
  }

  @Test
  void pairsOfLayersFromBothEndsCancelTheirRounding() {
    assertThat(sum(layers(30, 1203, 301, 8))).isCloseTo(30 * 301, within(1));
    assertThat(sum(layers(24, 1203, 301, 8))).isCloseTo(24 * 301, within(1));
  }

  @Test
  void betaOneIsUniform() {
    ArrayAllotment allotment = new ArrayAllotment(30, 3, 1000, 250, 8, calibrations());
    new PyramidKv(1).allot(allotment);
    assertThat(allotment.firstHeads()).containsOnly(250);
  }

  private int[] layers(int layers, int seen, double mean, int protectedPairs) {
    return allot(layers, 3, seen, mean, protectedPairs).firstHeads();
  }
}
