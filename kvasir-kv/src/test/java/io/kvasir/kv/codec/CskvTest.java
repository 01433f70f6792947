package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.ToyCalibrations;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fewer channels for all heads of a layer. */
class CskvTest {
  private static final int DIM = 32;
  private static final int WIDTH = 2 * DIM;
  private static final int TOKENS = 300;
  private static final LayerShape SHAPE = LayerShape.full(4, 2, DIM);
  private static final Rotary ROTARY =
      new Rotary(Rotary.Pairs.HALVES, DIM, 10_000, new float[0], 1, 4096);
  private static final Cskv HALF = new Cskv(0.5, 0.5, 32);

  private final float[][] rows = rows(); // [token][G*D], before rotation
  private final Map<String, float[]> learned = learn();
  private final KvModel model =
      new KvModel(
          new KvShape(List.of(SHAPE)),
          List.of(ROTARY),
          name -> (layer, array) -> Objects.requireNonNull(learned.get(array), array));

  @ParameterizedTest
  @EnumSource
  void whatIsLostIsTheVarianceBeyondTheRank(LowRank.Side side) {
    float[] mean = Objects.requireNonNull(learned.get(side + " mean"));
    float[] axes = Objects.requireNonNull(learned.get(side + " axes"));
    assertThat(axes).hasSize(32 * WIDTH);
    double expected = 0;
    for (int t = 4; t < TOKENS; t++) { // the first four are no part of the calibration
      for (int i = 0; i < WIDTH; i++) {
        expected += Math.pow(rows[t][i] - mean[i], 2);
      }
      for (int k = 0; k < 32; k++) {
        double along = 0;
        for (int i = 0; i < WIDTH; i++) {
          along += axes[k * WIDTH + i] * (rows[t][i] - mean[i]);
        }
        expected -= along * along;
      }
    }
    assertThat(error(format(HALF, side, model), 4)).isCloseTo(expected, within(expected * 1e-2));
    assertThat(expected).isLessThan(0.1 * variance());
  }

  @Test
  void theMeanCostsNoChannel() {
    for (int i = 0; i < WIDTH; i++) {
      double sum = 0;
      for (int t = 4; t < TOKENS; t++) {
        sum += rows[t][i];
      }
      assertThat(Objects.requireNonNull(learned.get("values mean"))[i])
          .isCloseTo((float) (sum / (TOKENS - 4)), within(1e-4f));
    }
  }

  @Test
  void sumsOfValuesCarryTheMean() {
    JointFormat format = format(HALF, LowRank.Side.VALUES, model);
    format.fit(source());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      format.encode(pages(10, 40), page, 0);
      MemberValues values = new MemberValues(format, 1);
      RawPage decoded = RawPage.of(40, DIM);
      values.decode(page, 0, decoded);
      float[] weights = new float[64];
      Arrays.fill(weights, 0, 40, 0.25f);
      float[] acc = new float[values.outputWidth()];
      values.accumulate(weights, 1, page, 40, acc);
      float[] out = new float[DIM];
      values.finishOutput(acc, 0, out, 0);
      for (int d = 0; d < DIM; d++) {
        float sum = 0;
        for (int r = 0; r < 40; r++) {
          sum += 0.25f * decoded.at(r, d);
        }
        assertThat(out[d]).isCloseTo(sum, within(2e-3f));
      }
    }
  }

  @Test
  void aFullWindowIsProjected() {
    JointFormat format = format(HALF, LowRank.Side.KEYS, model);
    assertThat(format.sealable(31)).isZero();
    assertThat(format.sealable(100)).isEqualTo(96);
  }

  @Test
  void namesItsCalibrationByItsRanks() {
    assertThat(new Cskv(0.5, 0.125, 64).calibration()).isEqualTo("cskv(rank-k=50%,rank-v=12.5%)");
    KvModel toy = KvModel.of(model.shape());
    Calibrations calibrations = new ToyCalibrations(toyModel(), 3);
    assertThat(calibrations.find(HALF.calibration()).array(0, "keys axes")).hasSize(32 * WIDTH);
    assertThat(format(HALF, LowRank.Side.KEYS, toy).pageBytes()).isEqualTo(2L * 64 * 32);
  }

  /** A head by itself loses what lies beyond the rank among its own channels. */
  @ParameterizedTest
  @EnumSource
  void aHeadByItselfHasABasisOfItsOwn(LowRank.Side side) {
    float[] mean = Objects.requireNonNull(learned.get(side + " of head 1 mean"));
    float[] axes = Objects.requireNonNull(learned.get(side + " of head 1 axes"));
    assertThat(axes).hasSize(16 * DIM);
    double[][] covariance = new double[DIM][DIM];
    for (int t = 4; t < TOKENS; t++) {
      for (int i = 0; i < DIM; i++) {
        for (int j = 0; j < DIM; j++) {
          covariance[i][j] += (rows[t][DIM + i] - mean[i]) * (rows[t][DIM + j] - mean[j]);
        }
      }
    }
    double before = Double.MAX_VALUE;
    for (int k = 0; k < 16; k++) { // eigenvectors, the largest first
      double value = 0;
      double[] image = new double[DIM];
      for (int i = 0; i < DIM; i++) {
        for (int j = 0; j < DIM; j++) {
          image[i] += covariance[i][j] * axes[k * DIM + j];
        }
        value += image[i] * axes[k * DIM + i];
      }
      for (int i = 0; i < DIM; i++) {
        assertThat(image[i]).isCloseTo(value * axes[k * DIM + i], within(value * 1e-2 + 1e-2));
      }
      assertThat(value).isLessThanOrEqualTo(before);
      before = value;
    }
  }

  private KvModel toyModel() {
    return new KvModel(model.shape(), List.of(ROTARY), Calibrations.NONE);
  }

  private static JointFormat format(Cskv cskv, LowRank.Side side, KvModel of) {
    List<KvHead> heads = List.of(new KvHead(of.layer(0), 0), new KvHead(of.layer(0), 1));
    return (side == LowRank.Side.KEYS ? cskv.keysTogether(heads) : cskv.valuesTogether(heads))
        .orElseThrow();
  }

  private double error(JointFormat format, int from) {
    format.fit(source());
    double error = 0;
    try (Arena arena = Arena.ofConfined()) {
      for (int at = from; at < TOKENS; at += 64) {
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        RawPage[] in = pages(at, Math.min(64, TOKENS - at));
        format.encode(in, page, 0);
        for (int m = 0; m < 2; m++) {
          RawPage out = RawPage.of(in[m].rows(), DIM);
          format.decode(m, page, 0, out);
          for (int i = 0; i < out.rows() * DIM; i++) {
            error += Math.pow(out.values()[i] - in[m].values()[i], 2);
          }
        }
      }
    }
    return error;
  }

  private RawPage[] pages(int at, int count) {
    RawPage[] pages = {RawPage.of(count, DIM), RawPage.of(count, DIM)};
    for (int r = 0; r < count; r++) {
      for (int m = 0; m < 2; m++) {
        System.arraycopy(rows[at + r], m * DIM, pages[m].values(), r * DIM, DIM);
      }
    }
    return pages;
  }

  private RowSource source() {
    return new RowSource() {
      @Override
      public int rows() {
        return TOKENS;
      }

      @Override
      public void read(int member, int row, float[] out, int at) {
        System.arraycopy(rows[row], member * DIM, out, at, DIM);
      }
    };
  }

  private Map<String, float[]> learn() {
    float[] keys = new float[TOKENS * WIDTH];
    float[] values = new float[TOKENS * WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      System.arraycopy(rows[t], 0, keys, t * WIDTH, WIDTH);
      System.arraycopy(rows[t], 0, values, t * WIDTH, WIDTH);
      ROTARY.rotate(keys, t * WIDTH, 2, DIM, t);
    }
    LayerCalibrator learning =
        HALF.moments(
            new KvModel(new KvShape(List.of(SHAPE)), List.of(ROTARY), Calibrations.NONE).layer(0));
    learning.read(
        0,
        new PromptRows(
            new KvModel(new KvShape(List.of(SHAPE)), List.of(ROTARY), Calibrations.NONE).layer(0),
            TOKENS,
            new float[0],
            keys,
            values));
    return learning.arrays();
  }

  private double variance() {
    double sum = 0;
    for (int t = 4; t < TOKENS; t++) {
      for (float x : rows[t]) {
        sum += (double) x * x;
      }
    }
    return sum;
  }

  /** Rows around a large mean, along directions that matter less and less; four that are unlike. */
  private static float[][] rows() {
    Random random = new Random(9);
    float[][] mix = new float[WIDTH][WIDTH];
    for (int k = 0; k < WIDTH; k++) {
      for (int i = 0; i < WIDTH; i++) {
        mix[k][i] = (float) (random.nextGaussian() * Math.exp(-k / 12.0));
      }
    }
    float[][] rows = new float[TOKENS][WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      for (int k = 0; k < WIDTH; k++) {
        float a = (float) random.nextGaussian() * (t < 4 ? 5 : 1);
        for (int i = 0; i < WIDTH; i++) {
          rows[t][i] += a * mix[k][i];
        }
      }
      for (int i = 0; i < WIDTH; i++) {
        rows[t][i] += i % 5 == 0 ? 3 : 0;
      }
    }
    return rows;
  }
}
