package io.kvasir.eval.kld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class KldTallyTest {
  private static final Offset<Double> STEP = within(2e-4); // of 16 bits
  private static final KldResult.Setting SETTING =
      new KldResult.Setting("m", "q4_0", "f16", "coded", "exact", 1, 8);

  /** p = 1/2, 1/4, 1/4 in the base; 1/4, 1/2, 1/4 where it is measured. */
  @Test
  void figuresOfOneTokenAreThoseOfTheDefinition() {
    KldResult result = tally(0).result(SETTING, tally(0));
    assertThat(result.kl().mean().value()).isCloseTo(0.25 * Math.log(2), STEP);
    assertThat(result.perplexities().plan().value()).isCloseTo(4, within(1e-6));
    assertThat(result.perplexities().base().value()).isCloseTo(2, STEP);
    assertThat(result.perplexities().ratio().value()).isCloseTo(2, STEP);
    assertThat(result.perplexities().difference().value()).isCloseTo(2, STEP);
    assertThat(result.perplexities().correlation()).isEmpty();
    assertThat(result.change().mean().value()).isCloseTo(-0.25, STEP);
    assertThat(result.changeRms().value()).isCloseTo(0.25, STEP);
    assertThat(result.sameTop().value()).isZero();
    assertThat(result.kl().mean().error()).isZero();
  }

  /** -ln p: ln 4 and ln 2 against ln 2 and ln 4; all errors from the two-point variances. */
  @Test
  void errorsFollowTheDeltaMethod() {
    KldResult result = tally(0, 1).result(SETTING, tally(0));
    double error = Math.log(2) / 2; // standard deviation of two points over sqrt(2 - 1)
    assertThat(result.perplexities().plan().error()).isCloseTo(error * Math.sqrt(8), STEP);
    assertThat(result.perplexities().correlation().orElseThrow()).isCloseTo(-1, within(1e-6));
    assertThat(result.perplexities().logRatio().error()).isCloseTo(2 * error, STEP);
    assertThat(result.perplexities().difference().error())
        .isCloseTo(2 * error * Math.sqrt(8), within(1e-3));
    assertThat(result.change().mean().value()).isCloseTo(0, STEP);
    assertThat(result.change().quantiles().max()).isCloseTo(0.25, STEP);
    assertThat(result.change().quantiles().p25()).isCloseTo(-0.125, STEP);
  }

  @Test
  void tokensThatTheBaseHoldsImpossibleAreLeftOut() {
    KldRow base = new KldRow(2);
    base.encode(new float[] {0, -17});
    KldTally tally = new KldTally();
    tally.add(base, new float[] {0, -1000}, 0);
    assertThat(tally.result(SETTING, tally).kl().mean().value()).isCloseTo(0, within(1e-6));
  }

  @Test
  void quantilesLieBetweenNeighbours() {
    double[] values = new double[1001];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000 - i;
    }
    Quantiles at = Quantiles.of(values);
    assertThat(at)
        .returns(1000.0, Quantiles::max)
        .returns(999.0, Quantiles::p999)
        .returns(500.0, Quantiles::median)
        .returns(0.0, Quantiles::min);
    assertThat(Quantiles.of(new double[] {1, 2}).median()).isEqualTo(1.5);
  }

  @Test
  void theTableIsLlamasWithTheFloorBelow() {
    String table = KldTable.of(tally(0, 1).result(SETTING, tally(0)));
    assertThat(table.lines())
        .startsWith(
            "====== Perplexity statistics ======",
            "Mean PPL(Q)                   :   2.828427 ±   0.980258")
        .contains(
            "Cor(ln(PPL(Q)), ln(PPL(base))): -100.00%",
            "Mean    KLD:   0.173287 ±   0.000000",
            "Maximum Δp: 25.000%",
            "RMS Δp    : 25.000 ± 0.000 %",
            "====== Floor: f16 in this engine ======")
        .hasSize(40);
  }

  /** A tally of some tokens that came. */
  private static KldTally tally(int... came) {
    KldTally tally = new KldTally();
    KldRow base = new KldRow(3);
    base.encode(logs(0.5, 0.25, 0.25));
    for (int id : came) {
      tally.add(base, logs(0.25, 0.5, 0.25), id);
    }
    return tally;
  }

  private static float[] logs(double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return logits;
  }
}
