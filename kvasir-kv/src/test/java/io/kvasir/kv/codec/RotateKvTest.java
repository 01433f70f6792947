package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.calibration.Calibrated.Reading;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Turned, sorted, coded. */
class RotateKvTest {
  private static final int DIM = 32;
  private static final int HEADS = 4;
  private static final int WIDTH = HEADS * DIM;
  private static final Rotary ROTARY =
      new Rotary(Rotary.Pairs.HALVES, DIM, 10_000, new float[0], 1, 4096);
  private static final KvShape SHAPE = new KvShape(List.of(LayerShape.full(8, HEADS, DIM)));

  private final float[][] rows = rows();

  @Test
  void theTransformIsOrthonormalAndItsOwnInverse() {
    float[] x = rows[0].clone();
    Hadamard.turn(x, 0, WIDTH);
    double before = 0;
    double after = 0;
    for (int i = 0; i < WIDTH; i++) {
      before += (double) rows[0][i] * rows[0][i];
      after += (double) x[i] * x[i];
      double naive = 0;
      for (int j = 0; j < WIDTH; j++) {
        naive += (Integer.bitCount(i & j) % 2 == 0 ? 1 : -1) * rows[0][j] / Math.sqrt(WIDTH);
      }
      assertThat(x[i]).isCloseTo((float) naive, within(1e-4f));
    }
    assertThat(after).isCloseTo(before, within(before * 1e-5));
    Hadamard.turn(x, 0, WIDTH);
    assertThat(x).containsExactly(rows[0], within(1e-4f));
  }

  @Test
  void headsAreTurnedTogetherWhereTheirNumberAllows() {
    RotateKv method = new RotateKv(2, 128, 4, 4);
    assertThat(IntStream.of(1, 2, 3, 4, 6, 8).map(method::together))
        .containsExactly(1, 2, 1, 4, 2, 4);
  }

  @ParameterizedTest
  @CsvSource({"2,0.8", "3,1", "4,1"})
  void codesCountFromAnIntegerZero(int bits, float clip) {
    RotateKv method = new RotateKv(bits, 32, 0, 4);
    float[] x = Arrays.copyOf(rows[1], 32);
    float low = x[0];
    float high = x[0];
    for (float each : x) {
      low = Math.min(low, each);
      high = Math.max(high, each);
    }
    int[] codes = new int[32];
    int side = method.code(x, 0, 32, codes);
    float scale = Float.float16ToFloat((short) side);
    int top = (1 << bits) - 1;
    assertThat(scale).isCloseTo(clip * (high - low) / top, within(scale * 1e-3f));
    assertThat(side >> 16).isEqualTo(Math.round(-clip * low / scale));
    for (int i = 0; i < 32; i++) {
      assertThat(codes[i]).isEqualTo(Math.clamp(Math.round(x[i] / scale) + (side >> 16), 0, top));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 2.5f, -3})
  void aGroupOfEqualNumbersIsExact(float number) {
    RotateKv method = new RotateKv(2, 32, 0, 4);
    float[] x = new float[32];
    Arrays.fill(x, number);
    int[] codes = new int[32];
    int side = method.code(x, 0, 32, codes);
    assertThat(Float.float16ToFloat((short) side) * (codes[7] - (side >> 16))).isEqualTo(number);
  }

  @Test
  void sortedAndTurnedLosesLessThanTurnedAlone() {
    RotateKv method = new RotateKv(3, 32, 0, 4);
    float[] unsorted = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      unsorted[i] = i;
    }
    double sorted = keyError(method, learned(method));
    double turned = keyError(method, Map.of("order", unsorted));
    assertThat(sorted).isLessThan(turned);
  }

  @ParameterizedTest
  @CsvSource({"true,2", "true,3", "true,4", "false,2", "false,3", "false,4"})
  void floatsAreTheDecodedRows(boolean keys, int bits) {
    RotateKv method = new RotateKv(bits, 64, 3, 2);
    JointFormat format = format(method, keys, learned(method));
    format.fit(source());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.firstPageBytes(), 64);
      format.encode(pages(0), page, 0);
      MemorySegment room = arena.allocate(4L * format.roomFloats(), 64);
      for (int m = 0; m < HEADS; m++) {
        RawPage out = RawPage.of(64, DIM);
        format.decode(m, page, 0, out);
        format.floats(m, page, room);
        for (int r = 0; r < 64; r++) {
          float[] row = new float[DIM];
          for (int d = 0; d < DIM; d++) {
            row[d] = room.getAtIndex(ValueLayout.JAVA_FLOAT, keys ? d * 64 + r : r * DIM + d);
          }
          if (!keys) { // a sum of one row
            format.finishOutput(m, row.clone(), 0, row, 0);
          }
          for (int d = 0; d < DIM; d++) {
            assertThat(row[d]).isCloseTo(out.at(r, d), within(1e-3f));
            if (r < 3) {
              assertThat(row[d]).isCloseTo(rows[r][m * DIM + d], within(0.01f)); // a first token
            }
          }
        }
      }
    }
  }

  @Test
  void rowsCodedOneByOneAreThoseCodedTogether() {
    RotateKv method = new RotateKv(3, 64, 2, 4);
    JointFormat one = format(method, true, learned(method));
    JointFormat all = format(method, true, learned(method));
    one.fit(source());
    all.fit(source());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate(one.pageBytes(), 64);
      MemorySegment b = arena.allocate(one.pageBytes(), 64);
      b.fill((byte) -1);
      RawPage[] in = pages(0);
      all.encode(in, a, 0);
      for (int r = 0; r < 64; r++) {
        RawPage[] row = new RawPage[HEADS];
        for (int m = 0; m < HEADS; m++) {
          row[m] = new RawPage(Arrays.copyOfRange(in[m].values(), r * DIM, (r + 1) * DIM), 1, DIM);
        }
        one.encode(row, b, r);
      }
      assertThat(b.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(a.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void plansThatCannotBeAreRefused() {
    KvModel odd = KvModel.of(new KvShape(List.of(LayerShape.full(4, 2, 96))));
    assertThatThrownBy(() -> KvPlan.parse("rotatekv").check(odd))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("rotatekv: head dimension 96 is not a power of two, at least 16");
  }

  /** A head by itself is sorted by its own turned channels, whatever the others are. */
  @Test
  void aHeadByItselfHasAnOrderOfItsOwn() {
    RotateKv method = new RotateKv(4, 32, 0, 4);
    float[] order = Objects.requireNonNull(learned(method).get("order alone"));
    for (int g = 0; g < HEADS; g++) {
      double[] sums = new double[DIM];
      for (float[] row : rows) {
        float[] turned = Arrays.copyOfRange(row, g * DIM, (g + 1) * DIM);
        Hadamard.turn(turned, 0, DIM);
        for (int d = 0; d < DIM; d++) {
          sums[d] += turned[d];
        }
      }
      for (int i = 1; i < DIM; i++) {
        int before = (int) order[g * DIM + i - 1];
        assertThat(sums[before]).isLessThan(sums[(int) order[g * DIM + i]]);
      }
    }
  }

  private double keyError(RotateKv method, Map<String, float[]> learned) {
    JointFormat format = format(method, true, learned);
    format.fit(source());
    double error = 0;
    try (Arena arena = Arena.ofConfined()) {
      for (int at = 0; at < rows.length; at += 64) {
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        format.encode(pages(at), page, 0);
        for (int m = 0; m < HEADS; m++) {
          RawPage out = RawPage.of(64, DIM);
          format.decode(m, page, 0, out);
          for (int r = 0; r < 64; r++) {
            for (int d = 0; d < DIM; d++) {
              error += Math.pow(out.at(r, d) - rows[at + r][m * DIM + d], 2);
            }
          }
        }
      }
    }
    return error;
  }

  private static JointFormat format(RotateKv method, boolean keys, Map<String, float[]> learned) {
    KvModel model =
        new KvModel(
            SHAPE,
            List.of(ROTARY),
            name -> (layer, array) -> Objects.requireNonNull(learned.get(array), array));
    List<KvHead> heads =
        IntStream.range(0, HEADS).mapToObj(g -> new KvHead(model.layer(0), g)).toList();
    return (keys ? method.keysTogether(heads) : method.valuesTogether(heads)).orElseThrow();
  }

  private Map<String, float[]> learned(RotateKv method) {
    KvLayer layer = new KvModel(SHAPE, List.of(ROTARY), Calibrations.NONE).layer(0);
    LayerCalibrator learning = method.calibrator(new NoText()).layer(layer);
    float[] keys = new float[rows.length * WIDTH];
    for (int t = 0; t < rows.length; t++) {
      System.arraycopy(rows[t], 0, keys, t * WIDTH, WIDTH);
      ROTARY.rotate(keys, t * WIDTH, HEADS, DIM, t);
    }
    learning.read(0, new PromptRows(layer, rows.length, new float[0], keys, new float[0]));
    return learning.arrays();
  }

  private RawPage[] pages(int at) {
    RawPage[] pages = new RawPage[HEADS];
    for (int m = 0; m < HEADS; m++) {
      pages[m] = RawPage.of(64, DIM);
      for (int r = 0; r < 64; r++) {
        System.arraycopy(rows[at + r], m * DIM, pages[m].values(), r * DIM, DIM);
      }
    }
    return pages;
  }

  private RowSource source() {
    return new RowSource() {
      @Override
      public int rows() {
        return rows.length;
      }

      @Override
      public void read(int member, int row, float[] out, int at) {
        System.arraycopy(rows[row], member * DIM, out, at, DIM);
      }
    };
  }

  /** Channels with offsets of their own, as biases give keys. */
  private static float[][] rows() {
    Random random = new Random(13);
    float[] offsets = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      offsets[i] = i % 11 == 0 ? 8 * (float) random.nextGaussian() : 0;
    }
    float[][] rows = new float[128][WIDTH];
    for (float[] row : rows) {
      for (int i = 0; i < WIDTH; i++) {
        row[i] = offsets[i] + (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** For calibrations that are fed by hand. */
  private static final class NoText implements CalibrationText {
    @Override
    public List<int[]> windows() {
      return List.of();
    }

    @Override
    public int[] ids() {
      return new int[0];
    }

    @Override
    public int[] encode(String text) {
      return new int[0];
    }

    @Override
    public int[] words() {
      return new int[0];
    }

    @Override
    public int[] begun(int[] ids) {
      return ids;
    }

    @Override
    public Reading reading() {
      return new Reading(0, 0);
    }
  }
}
