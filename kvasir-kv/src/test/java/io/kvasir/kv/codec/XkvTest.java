package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One low-rank space for the rows of several layers. */
class XkvTest {
  private static final int LAYERS = 4;
  private static final int HEADS = 2;
  private static final int DIM = 32;
  private static final int TOKENS = 200;
  private static final KvModel MODEL =
      KvModel.of(new KvShape(Collections.nCopies(LAYERS, LayerShape.full(4, HEADS, DIM))));

  /** Rows of all layers, [member][token * D], whose variance falls from direction to direction. */
  private final float[][] rows = correlated(TOKENS + 64);

  @ParameterizedTest
  @EnumSource
  void losesWhatATruncatedSvdLoses(LowRank.Side side) {
    JointFormat format = format(new Xkv(LAYERS, 48, 48), side, 0, LAYERS);
    double least = leastError(48);
    assertThat(error(format, 0, TOKENS)).isCloseTo(least, within(least * 2e-3));
  }

  @Test
  void oneSpaceForFourLayersLosesLessThanOneEachOfTheSameBytes() {
    double together =
        error(format(new Xkv(LAYERS, 64, 64), LowRank.Side.KEYS, 0, LAYERS), 0, TOKENS);
    double apart = 0;
    for (int l = 0; l < LAYERS; l++) {
      apart += error(format(new Xkv(1, 16, 16), LowRank.Side.KEYS, l, 1), l, TOKENS);
    }
    assertThat(together).isLessThan(apart);
  }

  @Test
  void laterTokensAreProjectedOnThePromptsBasis() {
    JointFormat format = format(new Xkv(LAYERS, 48, 48), LowRank.Side.VALUES, 0, LAYERS);
    double prompt = error(format, 0, TOKENS) / TOKENS;
    double later = pageError(format, 0, TOKENS, 64) / 64;
    assertThat(later).isLessThan(2 * prompt);
  }

  @Test
  void attentionOnCoordinatesEqualsAttentionOnDecodedRows() {
    JointFormat format = format(new Xkv(LAYERS, 48, 48), LowRank.Side.VALUES, 0, LAYERS);
    format.fit(source(0, TOKENS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      format.encode(pages(format, 0, 0, 64), page, 0);
      MemberValues values = new MemberValues(format, 3);
      RawPage decoded = RawPage.of(64, DIM);
      values.decode(page, 0, decoded);
      float[] weights = new float[64];
      Random random = new Random(3);
      for (int i = 0; i < 64; i++) {
        weights[i] = random.nextFloat();
      }
      float[] acc = new float[values.outputWidth()];
      values.accumulate(weights, 1, page, 64, acc);
      float[] out = new float[DIM];
      values.finishOutput(acc, 0, out, 0);
      for (int d = 0; d < DIM; d++) {
        float sum = 0;
        for (int r = 0; r < 64; r++) {
          sum += weights[r] * decoded.at(r, d);
        }
        assertThat(out[d]).isCloseTo(sum, within(1e-3f));
      }
    }
  }

  @Test
  void aShortPromptStaysAsItIs() {
    JointFormat format = format(new Xkv(LAYERS, 48, 48), LowRank.Side.KEYS, 0, LAYERS);
    assertThat(format.sealable(48)).isZero();
    assertThat(format.sealable(49)).isEqualTo(49);
    format.fit(source(0, TOKENS));
    assertThat(format.sealable(127)).isZero();
    assertThat(format.sealable(300)).isEqualTo(256);
  }

  @Test
  void aRankThatSavesNothingIsRefused() {
    assertThatCode(() -> KvPlan.parse("xkv(layers=4,rank=128)").check(MODEL))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> KvPlan.parse("xkv(layers=4,rank=256)").check(MODEL))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "xkv: a rank of 256 for rows of 256 numbers; expected a multiple of 16 below that");
    assertThatThrownBy(() -> KvPlan.parse("snapkv(keep=25%) | xkv"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage(
            "xkv(layers=4,rank=96,rank-v=144) codes the rows of 4 layers together, but a plan that"
                + " drops pairs keeps others in each");
  }

  private static JointFormat format(Xkv xkv, LowRank.Side side, int first, int layers) {
    List<KvHead> heads = new ArrayList<>();
    for (int l = first; l < first + layers; l++) {
      for (int g = 0; g < HEADS; g++) {
        heads.add(new KvHead(MODEL.layer(l), g));
      }
    }
    return (side == LowRank.Side.KEYS ? xkv.keysTogether(heads) : xkv.valuesTogether(heads))
        .orElseThrow();
  }

  /** Squared error over the first tokens of the layers from {@code firstLayer} on. */
  private double error(JointFormat format, int firstLayer, int tokens) {
    format.fit(source(firstLayer * HEADS, tokens));
    double error = 0;
    for (int at = 0; at < tokens; at += 64) {
      error += pageError(format, firstLayer * HEADS, at, Math.min(64, tokens - at));
    }
    return error;
  }

  private double pageError(JointFormat format, int firstMember, int at, int count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      RawPage[] in = pages(format, firstMember, at, count);
      format.encode(in, page, 0);
      double error = 0;
      for (int m = 0; m < format.members(); m++) {
        RawPage out = RawPage.of(count, DIM);
        format.decode(m, page, 0, out);
        for (int i = 0; i < count * DIM; i++) {
          double off = (double) out.values()[i] - in[m].values()[i];
          error += off * off;
        }
      }
      return error;
    }
  }

  private RawPage[] pages(JointFormat format, int firstMember, int at, int count) {
    RawPage[] pages = new RawPage[format.members()];
    for (int m = 0; m < pages.length; m++) {
      pages[m] = RawPage.of(count, DIM);
      System.arraycopy(rows[firstMember + m], at * DIM, pages[m].values(), 0, count * DIM);
    }
    return pages;
  }

  private RowSource source(int firstMember, int tokens) {
    return new RowSource() {
      @Override
      public int rows() {
        return tokens;
      }

      @Override
      public void read(int member, int row, float[] out, int at) {
        System.arraycopy(rows[firstMember + member], row * DIM, out, at, DIM);
      }
    };
  }

  /** What the exact decomposition of all rows loses. */
  private double leastError(int rank) {
    DMatrixRMaj m = new DMatrixRMaj(TOKENS, LAYERS * HEADS * DIM);
    for (int t = 0; t < TOKENS; t++) {
      for (int i = 0; i < m.numCols; i++) {
        m.set(t, i, rows[i / DIM][t * DIM + i % DIM]);
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(m.numRows, m.numCols, false, false, true);
    svd.decompose(m);
    double[] values = svd.getSingularValues().clone();
    Arrays.sort(values);
    double least = 0;
    for (int i = 0; i < values.length - rank; i++) {
      least += values[i] * values[i];
    }
    return least;
  }

  private static float[][] correlated(int tokens) {
    Random random = new Random(7);
    int width = LAYERS * HEADS * DIM;
    float[][] mix = new float[width][width];
    for (int k = 0; k < width; k++) {
      for (int i = 0; i < width; i++) {
        mix[k][i] = (float) (random.nextGaussian() * Math.exp(-k / 30.0));
      }
    }
    float[][] rows = new float[LAYERS * HEADS][tokens * DIM];
    for (int t = 0; t < tokens; t++) {
      float[] x = new float[width];
      for (int k = 0; k < width; k++) {
        float a = (float) random.nextGaussian();
        for (int i = 0; i < width; i++) {
          x[i] += a * mix[k][i];
        }
      }
      for (int m = 0; m < rows.length; m++) {
        System.arraycopy(x, m * DIM, rows[m], t * DIM, DIM);
      }
    }
    return rows;
  }
}
