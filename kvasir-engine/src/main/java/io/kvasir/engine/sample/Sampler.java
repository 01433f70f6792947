package io.kvasir.engine.sample;

import io.kvasir.engine.ModelFormatException;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Chooses one token after the other, in llama.cpp's default order: repetition penalty, top-k,
 * top-p, min-p, temperature, draw. So the filters see the model's own probabilities, and a high
 * temperature does not let more tokens through. (Hugging Face divides by the temperature before
 * top-k.)
 *
 * <ol>
 *   <li>Repetition penalty r: the logit of every token among the last {@value #PENALTY_WINDOW} of
 *       the sequence is divided by r when positive, else multiplied by it (Keskar et al. 2019,
 *       arXiv:1909.05858, as implemented everywhere since).
 *   <li>Top-k: the k largest logits stay (Fan et al. 2018, arXiv:1805.04833).
 *   <li>Top-p: of those, the fewest whose probabilities, the softmax over those, reach p (Holtzman
 *       et al. 2020, arXiv:1904.09751).
 *   <li>Min-p: of those, the ones with at least minP times the probability of the best (Nguyen et
 *       al. 2024, arXiv:2407.01082).
 *   <li>Temperature T: one draw from the softmax of logit / T over what is left; with T = 0 the
 *       best.
 * </ol>
 *
 * <p>Equal logits rank by id, the lowest first. A token costs exactly one random number, with T = 0
 * none, so the same seed and the same logits give the same tokens. For one thread.
 */
public final class Sampler {
  /** How many of the latest tokens the repetition penalty looks at. */
  public static final int PENALTY_WINDOW = 64;

  private static final String GENERATOR = "L64X128MixRandom";

  private final Sampling sampling;
  private final RandomGenerator random;

  public Sampler(Sampling sampling) {
    this.sampling = sampling;
    this.random = RandomGeneratorFactory.of(GENERATOR).create(sampling.seed());
  }

  /**
   * The next token.
   *
   * @param logits [V], left as they are
   * @param before the tokens so far, the latest last; only the last {@value #PENALTY_WINDOW} count
   * @throws ModelFormatException the logits hold a NaN or nothing finite: the weights are broken
   */
  public int next(float[] logits, int[] before) {
    float[] scores = penalised(logits, before);
    int best = best(scores);
    if (sampling.temperature() == 0) {
      return best;
    }
    int[] kept = kept(scores, scores[best]);
    double[] upTo = new double[kept.length];
    double sum = 0;
    for (int i = 0; i < kept.length; i++) {
      sum += Math.exp((scores[kept[i]] - (double) scores[best]) / sampling.temperature());
      upTo[i] = sum;
    }
    double drawn = random.nextDouble() * sum;
    int i = 0;
    while (upTo[i] <= drawn) { // drawn < sum, the last entry
      i++;
    }
    return kept[i];
  }

  private float[] penalised(float[] logits, int[] before) {
    if (sampling.repetitionPenalty() == 1) {
      return logits;
    }
    float[] scores = logits.clone();
    for (int i = Math.max(0, before.length - PENALTY_WINDOW); i < before.length; i++) {
      float logit = logits[before[i]]; // the unpenalised one: a token said twice pays once
      scores[before[i]] =
          (float)
              (logit > 0
                  ? logit / sampling.repetitionPenalty()
                  : logit * sampling.repetitionPenalty());
    }
    return scores;
  }

  private static int best(float[] scores) {
    int best = 0;
    boolean nan = false;
    for (int id = 0; id < scores.length; id++) {
      nan |= Float.isNaN(scores[id]);
      if (scores[id] > scores[best]) {
        best = id;
      }
    }
    if (nan || !Float.isFinite(scores[best])) {
      throw new ModelFormatException(
          "the model computed logits that are no finite numbers; its weights are broken");
    }
    return best;
  }

  /** The tokens that the filters leave; without filters all of them, by id. */
  private int[] kept(float[] scores, float best) {
    int most = sampling.topK() == 0 ? scores.length : Math.min(sampling.topK(), scores.length);
    if (most == scores.length && sampling.topP() == 1 && sampling.minP() == 0) {
      int[] all = new int[scores.length];
      Arrays.setAll(all, id -> id);
      return all;
    }
    Candidates candidates = new Candidates(scores);
    int[] kept = new int[Math.min(most, 64)];
    int count = 0;
    double reach = sampling.topP() == 1 ? Double.MAX_VALUE : reach(scores, best, most);
    double least = best + Math.log(sampling.minP()); // -infinity without min-p
    double sum = 0;
    while (count < most && sum < reach) {
      int id = candidates.next();
      if (count > 0 && scores[id] < least) {
        break;
      }
      if (count == kept.length) {
        kept = Arrays.copyOf(kept, Math.min(most, 2 * count));
      }
      kept[count++] = id;
      sum += Math.exp(scores[id] - (double) best);
    }
    return Arrays.copyOf(kept, count);
  }

  /** Top-p as a sum of {@code exp(logit - best)} over the {@code most} best tokens. */
  private double reach(float[] scores, float best, int most) {
    double total = 0;
    if (most == scores.length) {
      for (float score : scores) {
        total += Math.exp(score - (double) best);
      }
    } else {
      Candidates candidates = new Candidates(scores);
      for (int i = 0; i < most; i++) {
        total += Math.exp(scores[candidates.next()] - (double) best);
      }
    }
    return sampling.topP() * total;
  }
}
