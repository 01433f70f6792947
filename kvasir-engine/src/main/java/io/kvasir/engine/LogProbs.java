package io.kvasir.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What logits say, computed in double. Logits are [V]; probabilities are their softmax. */
public final class LogProbs {
  private LogProbs() {}

  /** Negative log-probability of a token, in nats. */
  public static double nll(float[] logits, int id) {
    return nll(logits, 0, logits.length, id);
  }

  /** The same for logits {@code [at .. at + vocabulary)} of a longer array. */
  static double nll(float[] logits, int at, int vocabulary, int id) {
    return logSumExp(logits, at, vocabulary) - logits[at + id];
  }

  /** The most probable token; of equal ones the lowest id. */
  public static int argmax(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    return best;
  }

  /** The {@code n} most probable tokens (all, if there are fewer), the best first, then by id. */
  public static int[] topIds(float[] logits, int n) {
    Comparator<Integer> better =
        Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id);
    PriorityQueue<Integer> best = new PriorityQueue<>(better.reversed()); // the worst on top
    for (int id = 0; id < logits.length; id++) {
      if (best.size() < n) {
        best.add(id);
      } else if (n > 0 && logits[id] > logits[best.element()]) {
        best.remove();
        best.add(id);
      }
    }
    return best.stream().sorted(better).mapToInt(id -> id).toArray();
  }

  /**
   * Kullback-Leibler divergence of q from p, {@code sum p ln(p / q)}, in nats: what it costs to
   * take the probabilities of {@code q} for those of {@code p}.
   */
  public static double kl(float[] p, float[] q) {
    return Prediction.of(p).kl(Prediction.of(q));
  }

  static double logSumExp(float[] logits, int at, int vocabulary) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + vocabulary; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = at; i < at + vocabulary; i++) {
      sum += Math.exp(logits[i] - max);
    }
    return max + Math.log(sum);
  }
}
