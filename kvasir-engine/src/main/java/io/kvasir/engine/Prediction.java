package io.kvasir.engine;

/**
 * What a model expects to come next, computed in double from logits, once, for whoever compares it
 * with several others. Immutable.
 */
public final class Prediction {
  private final float[] logits;
  private final double[] probabilities; // [V]; empty where nobody asks what another costs
  private final double total; // ln of the sum of the exponentials of all logits
  private final int top;

  private Prediction(float[] logits, double[] probabilities, double total, int top) {
    this.logits = logits;
    this.probabilities = probabilities;
    this.total = total;
    this.top = top;
  }

  /**
   * @param logits [V]; kept, not copied
   */
  public static Prediction of(float[] logits) {
    int top = LogProbs.argmax(logits);
    double total = LogProbs.logSumExp(logits, 0, logits.length);
    return new Prediction(logits, new double[0], total, top);
  }

  /** The same with all probabilities at hand, for {@link #kl} from it to several others. */
  public Prediction asBase() {
    double[] p = new double[logits.length];
    for (int id = 0; id < p.length; id++) {
      p[id] = Math.exp(logits[id] - total);
    }
    return new Prediction(logits, p, total, top);
  }

  /** Negative log-probability of a token, in nats. */
  public double nll(int id) {
    return total - logits[id];
  }

  /** The most probable token; of equal ones the lowest id. */
  public int argmax() {
    return top;
  }

  /**
   * Kullback-Leibler divergence of another prediction from this one, {@code sum p ln(p / q)}, in
   * nats: what it costs to take that for this. Exactly 0 where they are equal.
   *
   * @throws IllegalArgumentException the vocabularies differ in size
   */
  public double kl(Prediction other) {
    if (logits.length != other.logits.length) {
      throw new IllegalArgumentException(
          "logits of %d and of %d tokens cannot be compared"
              .formatted(logits.length, other.logits.length));
    }
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      double logP = logits[id] - total;
      double p = probabilities.length > 0 ? probabilities[id] : Math.exp(logP);
      sum += p * (logP - (other.logits[id] - other.total));
    }
    return Math.max(0, sum); // rounding may go below
  }
}
