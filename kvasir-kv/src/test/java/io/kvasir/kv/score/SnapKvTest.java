package io.kvasir.kv.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.ArrayLayerView;
import io.kvasir.kv.CutPoint;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Protection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SnapKvTest extends ScorerContract {
  @Override
  Scorer scorer() {
    return new SnapKv(8, 5, Pool.MEAN);
  }

  @Override
  double definition(ArrayLayerView layer, int g, int slot) {
    return definition((SnapKv) scorer(), layer, g, slot);
  }

  static double definition(SnapKv method, ArrayLayerView layer, int g, int slot) {
    int first = Math.max(0, layer.seen() - method.window());
    if (layer.position(g, slot) >= first) {
      return 0;
    }
    int group = layer.shape().groupSize();
    double sum = 0;
    for (int h = g * group; h < (g + 1) * group; h++) {
      double[] votes = new double[layer.stored(g)];
      for (int t = first; t < layer.seen(); t++) {
        double[] row = layer.attention(h, t);
        for (int s = 0; s < votes.length && layer.position(g, s) < first; s++) {
          votes[s] += row[s] / (layer.seen() - first);
        }
      }
      sum += pooled(method, votes, slot) / group;
    }
    return sum;
  }

  /** Votes of the window's own positions are 0 here, which is the padding at the far end too. */
  private static double pooled(SnapKv method, double[] votes, int slot) {
    int reach = method.kernel() / 2;
    double[] near =
        Arrays.copyOfRange(
            votes, Math.max(0, slot - reach), Math.min(votes.length, slot + reach + 1));
    return method.pool() == Pool.MAX
        ? Arrays.stream(near).max().orElseThrow()
        : Arrays.stream(near).sum() / method.kernel();
  }

  @Test
  void scoresTheGoldenLayer() {
    SnapKv method = new SnapKv(3, 3, Pool.MEAN);
    float[][] scores = new float[1][12];
    method.score(Golden.layer(method.needs()), scores);
    assertThat(Arrays.copyOf(scores[0], 9))
        .containsExactly(
            new float[] {
              0.03560f, 0.08702f, 0.13978f, 0.18757f, 0.18224f, 0.13528f, 0.07126f, 0.03123f,
              0.01386f
            },
            within(1e-5f));
    assertThat(Arrays.copyOfRange(scores[0], 9, 12)).containsOnly(0f);
  }

  @Test
  void protectsItsWindow() {
    assertThat(scorer().protects(CutPoint.ofPrompt(400, 100))).isEqualTo(Protection.recent(8));
  }

  @Test
  void evenKernelIsRefused() {
    assertThatThrownBy(() -> new SnapKv(32, 4, Pool.MEAN))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("snapkv: kernel=4 must be odd, for example 3 or 5");
  }
}
