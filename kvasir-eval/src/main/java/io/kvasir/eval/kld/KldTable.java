package io.kvasir.eval.kld;

import io.kvasir.engine.perplexity.Estimate;
import java.util.Locale;

/** The figures as llama.cpp prints them, line by line; below them the floor, which it has not. */
public final class KldTable {
  private final StringBuilder out = new StringBuilder();

  private KldTable() {}

  /** Several lines, each ended. */
  public static String of(KldResult result) {
    KldTable table = new KldTable();
    table.title("Perplexity statistics");
    table.perplexities(result.perplexities());
    table.title("KL divergence statistics");
    table.divergence(result.kl());
    table.title("Token probability statistics");
    table.change(result);
    table.title("Floor: f16 in this engine");
    table.line("Mean    KLD: %10.6f ± %10.6f", result.floor().kl(), 1);
    table.line("Same top p: %6.3f ± %5.3f %%", result.floor().sameTop(), 100);
    return table.out.toString();
  }

  private void title(String text) {
    line("====== %s ======", text);
  }

  private void perplexities(KldResult.Perplexities of) {
    line("Mean PPL(Q)                   : %10.6f ± %10.6f", of.plan(), 1);
    line("Mean PPL(base)                : %10.6f ± %10.6f", of.base(), 1);
    line("Cor(ln(PPL(Q)), ln(PPL(base))): %6.2f%%", 100 * of.correlation().orElse(Double.NaN));
    line("Mean ln(PPL(Q)/PPL(base))     : %10.6f ± %10.6f", of.logRatio(), 1);
    line("Mean PPL(Q)/PPL(base)         : %10.6f ± %10.6f", of.ratio(), 1);
    line("Mean PPL(Q)-PPL(base)         : %10.6f ± %10.6f", of.difference(), 1);
  }

  private void divergence(KldResult.Spread kl) {
    Quantiles at = kl.quantiles();
    line("Mean    KLD: %10.6f ± %10.6f", kl.mean(), 1);
    line("Maximum KLD: %10.6f", at.max());
    line("99.9%%   KLD: %10.6f", at.p999());
    line("99.0%%   KLD: %10.6f", at.p99());
    line("95.0%%   KLD: %10.6f", at.p95());
    line("90.0%%   KLD: %10.6f", at.p90());
    line("Median  KLD: %10.6f", at.median());
    line("10.0%%   KLD: %10.6f", at.p10());
    line(" 5.0%%   KLD: %10.6f", at.p5());
    line(" 1.0%%   KLD: %10.6f", at.p1());
    line(" 0.1%%   KLD: %10.6f", at.p01());
    line("Minimum KLD: %10.6f", at.min());
  }

  private void change(KldResult result) {
    Quantiles at = result.change().quantiles();
    line("Mean    Δp: %6.3f ± %5.3f %%", result.change().mean(), 100);
    line("Maximum Δp: %6.3f%%", 100 * at.max());
    line("99.9%%   Δp: %6.3f%%", 100 * at.p999());
    line("99.0%%   Δp: %6.3f%%", 100 * at.p99());
    line("95.0%%   Δp: %6.3f%%", 100 * at.p95());
    line("90.0%%   Δp: %6.3f%%", 100 * at.p90());
    line("75.0%%   Δp: %6.3f%%", 100 * at.p75());
    line("Median  Δp: %6.3f%%", 100 * at.median());
    line("25.0%%   Δp: %6.3f%%", 100 * at.p25());
    line("10.0%%   Δp: %6.3f%%", 100 * at.p10());
    line(" 5.0%%   Δp: %6.3f%%", 100 * at.p5());
    line(" 1.0%%   Δp: %6.3f%%", 100 * at.p1());
    line(" 0.1%%   Δp: %6.3f%%", 100 * at.p01());
    line("Minimum Δp: %6.3f%%", 100 * at.min());
    line("RMS Δp    : %6.3f ± %5.3f %%", result.changeRms(), 100);
    line("Same top p: %6.3f ± %5.3f %%", result.sameTop(), 100);
  }

  private void line(String format, Estimate figure, double scale) {
    line(format, scale * figure.value(), scale * figure.error());
  }

  private void line(String format, Object... figures) {
    out.append(String.format(Locale.ROOT, format, figures)).append('\n');
  }
}
