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
import io.kvasir.kv.ToyCalibrations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KvQuantTest extends CodecContract {
  private static final int DIM = 32;
  private static final int HEADS = 3;

  private final Map<Integer, KvModel> models = new HashMap<>();
  private double[] expected = {}; // of the row whose bound is asked for

  @Override
  Codec codec() {
    return new KvQuant(3, 0.01, 1, KvQuant.Levels.NUQ);
  }

  @Override
  PageFormat format(Side side, int dim) {
    KvLayer layer = models.computeIfAbsent(dim, d -> model(1, d)).layer(0);
    List<KvHead> alone = List.of(new KvHead(layer, 0));
    return side == Side.KEYS
        ? new MemberKeys(codec().keysTogether(alone).orElseThrow(), 0)
        : new MemberValues(codec().valuesTogether(alone).orElseThrow(), 0);
  }

  @Override
  float limit() {
    return 16376;
  }

  @Override
  double bound(Side side, RawPage in, int r, int d) {
    float[] row = row(in, r);
    if (d == 0) { // the first of a row
      KvModel model = models.computeIfAbsent(in.dim(), dim -> model(1, dim));
      expected = naive((KvQuant) codec(), side, model, row, "values");
    }
    double size = Math.abs(row[d]) + Math.abs(expected[d]) + in.absMax(r);
    return Math.abs(expected[d] - row[d]) + 1e-3 * size + 1e-7;
  }

  /** A model of which something was learned. */
  private static KvModel model(int heads, int dim) {
    KvShape shape = new KvShape(List.of(LayerShape.full(2 * heads, heads, dim)));
    Rotary rotary = new Rotary(Rotary.Pairs.HALVES, dim, 10_000, new float[0], 1, 1024);
    KvModel bare = new KvModel(shape, List.of(rotary), Calibrations.NONE);
    return new KvModel(shape, List.of(rotary), new ToyCalibrations(bare, dim));
  }

  private static float[] learned(KvModel model, KvQuant method, String array) {
    return model.calibrations().find(method.calibration()).array(0, array);
  }

  /** Coded and decoded by the definition, in double. */
  private static double[] naive(
      KvQuant method, Side side, KvModel model, float[] row, String codebook) {
    int ends = method.atEitherEnd(row.length);
    float[] both = learned(model, method, side == Side.KEYS ? "keys" : codebook);
    int size = both.length / 2;
    double[] mid = new double[row.length];
    double[] half = new double[row.length];
    Set<Integer> apart = new HashSet<>();
    if (side == Side.KEYS) {
      float[] mids = learned(model, method, "mid");
      float[] halves = learned(model, method, "half");
      for (int i = 0; i < row.length; i++) {
        mid[i] = mids[i];
        half[i] = halves[i];
      }
    }
    List<Integer> order =
        IntStream.range(0, row.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    i -> side == Side.KEYS ? (row[i] - mid[i]) / half[i] : row[i]))
            .toList(); // stable: ties by place
    apart.addAll(order.subList(0, ends));
    apart.addAll(order.subList(row.length - ends, row.length));
    if (side == Side.VALUES) {
      double low = row[order.get(ends)];
      double high = row[order.get(row.length - 1 - ends)];
      Arrays.fill(mid, half((low + high) / 2));
      Arrays.fill(half, half((high - low) / 2));
    }
    double[] out = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      double scaled = half[i] == 0 ? 0 : (row[i] - mid[i]) / half[i];
      int code = 0;
      for (int c = 1; c < size; c++) {
        code = Math.abs(both[c] - scaled) < Math.abs(both[code] - scaled) ? c : code;
      }
      boolean stored = apart.contains(i) && (side == Side.VALUES || Math.abs(scaled) > 1);
      out[i] = stored ? row[i] : mid[i] + half[i] * both[size + code];
    }
    return out;
  }

  private static double half(double x) {
    return Float.float16ToFloat(Float.floatToFloat16((float) x));
  }

  @ParameterizedTest
  @CsvSource({
    "KEYS,2,0.01", "KEYS,3,0.01", "KEYS,4,0.05", "KEYS,3,0",
    "VALUES,2,0.01", "VALUES,3,0.01", "VALUES,4,0.05", "VALUES,3,0"
  })
  void rowsOfAllHeadsAreCodedAsTheDefinitionSays(Side side, int bits, double outliers) {
    KvQuant method = new KvQuant(bits, outliers, 0, KvQuant.Levels.NUQ);
    KvModel model = model(HEADS, DIM);
    JointFormat format = together(method, side, model);
    float[][] rows = rows();
    RawPage[] out = throughAPage(format, rows);
    for (int r = 0; r < rows.length; r++) {
      double[] expected = naive(method, side, model, rows[r], "values");
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) out[i / DIM].at(r, i % DIM))
            .as("row %d number %d", r, i)
            .isCloseTo(expected[i], within(1e-3 * (1 + Math.abs(rows[r][i]))));
      }
    }
  }

  @Test
  void aHeadByItselfHasARangeAndACodebookOfItsOwn() {
    KvQuant method = new KvQuant(3, 0.01, 0, KvQuant.Levels.NUQ);
    KvModel model = model(HEADS, DIM);
    KvHead second = new KvHead(model.layer(0), 1);
    float[][] rows = rows();
    float[][] part = new float[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      part[r] = Arrays.copyOfRange(rows[r], DIM, 2 * DIM);
    }
    JointFormat values = method.valuesTogether(List.of(second)).orElseThrow();
    RawPage ofValues = throughAPage(values, part)[0];
    JointFormat keys = method.keysTogether(List.of(second)).orElseThrow();
    RawPage ofKeys = throughAPage(keys, part)[0];
    float[] mid = learned(model, method, "mid");
    float[] half = learned(model, method, "half");
    Codebook codebook = Codebook.of(learned(model, method, "keys"));
    for (int r = 0; r < rows.length; r++) {
      double[] expected = naive(method, Side.VALUES, model, part[r], "values alone");
      for (int d = 0; d < DIM; d++) {
        assertThat((double) ofValues.at(r, d))
            .isCloseTo(expected[d], within(1e-3 * (1 + Math.abs(part[r][d]))));
        int i = DIM + d;
        float scaled = (part[r][d] - mid[i]) / half[i];
        if (Math.abs(scaled) <= 1) {
          float level = codebook.levels()[codebook.nearest(scaled)];
          assertThat(ofKeys.at(r, d)).isCloseTo(mid[i] + half[i] * level, within(1e-5f));
        }
      }
    }
  }

  @Test
  void asManyOutliersAsTheAuthorsTake() {
    KvQuant method = new KvQuant(3, 0.01, 1, KvQuant.Levels.NUQ);
    assertThat(method.atEitherEnd(4096)).isEqualTo(21);
    assertThat(method.atEitherEnd(192)).isEqualTo(1);
    assertThat(new KvQuant(3, 0, 1, KvQuant.Levels.NUQ).atEitherEnd(4096)).isZero();
  }

  @Test
  void everyByteOfAPageIsAccountedFor() {
    KvQuant method = new KvQuant(3, 0.01, 5, KvQuant.Levels.NUQ);
    KvModel smol = KvModel.of(new KvShape(List.of(LayerShape.full(9, 3, 64))));
    JointFormat keys = together(method, Side.KEYS, smol);
    JointFormat values = together(method, Side.VALUES, smol);
    assertThat(keys.pageBytes()).isEqualTo(64 * (192 * 3 / 8 + 2 * 4));
    assertThat(values.pageBytes()).isEqualTo(64 * (192 * 3 / 8 + 2 * 4 + 4));
    assertThat(keys.firstPageBytes()).isEqualTo(keys.pageBytes() + 5 * (1 + 2 * 192));
    assertThat(values.scaleBytes()).isEqualTo(64 * 4);
    assertThat(keys.sideBytes(0)).isZero();
    assertThat(keys.sideBytes(1)).isEqualTo(4 * (2 * 192 + 3 * 8 - 1 + 16));
    assertThat(values.sideBytes(1)).isEqualTo(4 * (3 * 8 - 1 + 16));
  }

  /** The range of a channel is that of its percentiles, between neighbours in proportion. */
  @Test
  void rangesArePercentiles() {
    KvQuant method = new KvQuant(4, 0.1, 1, KvQuant.Levels.NUQ);
    float[] ramp = new float[31];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = 10 + i;
    }
    KvQuant.Range range = KvQuant.Range.of(ramp, method.outliers());
    assertThat(range.mid()).isEqualTo(25);
    assertThat(range.half()).isCloseTo(13.5f, within(1e-5f)); // 11.5 to 38.5
    float[] same = {2, 2, 2};
    assertThat(KvQuant.Range.of(same, 0.1).scaled(2)).isZero();
  }

  @Test
  void firstTokensStayAsTheyAreWhereverTheyMove() {
    KvQuant method = new KvQuant(2, 0.01, 3, KvQuant.Levels.NUQ);
    KvModel model = model(1, DIM);
    KvHead head = new KvHead(model.layer(0), 0);
    for (Side side : Side.values()) {
      JointFormat format =
          (side == Side.KEYS
                  ? method.keysTogether(List.of(head))
                  : method.valuesTogether(List.of(head)))
              .orElseThrow();
      MemorySegment page = Arena.ofAuto().allocate(format.firstPageBytes(), 64).fill((byte) -1);
      RawPage in = normal(64, DIM);
      format.encode(new RawPage[] {in}, page, 0);
      format.move(page, 1, page, 0); // the second token is now the first one kept
      format.move(page, 40, page, 1);
      RawPage out = RawPage.of(64, DIM);
      format.decode(0, page, 0, out);
      assertThat(row(out, 0)).containsExactly(row(in, 1), within(2e-3f));
      assertThat(row(out, 2)).containsExactly(row(in, 2), within(2e-3f));
      double error = 0;
      for (int d = 0; d < DIM; d++) {
        error += Math.abs(out.at(1, d) - in.at(40, d));
      }
      assertThat(error).isGreaterThan(0.5); // coded in 2 bits
    }
  }

  private static float[] row(RawPage page, int r) {
    return Arrays.copyOfRange(page.values(), r * page.dim(), (r + 1) * page.dim());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void codebooksAreKMeans(int size) {
    float[] numbers = numbers(5000);
    CodebookLearning learning = new CodebookLearning();
    for (float x : numbers) {
      learning.add(x);
      learning.add(x > 0 ? 1.5f : Float.NEGATIVE_INFINITY); // beyond the range
    }
    float[] points = learning.learn(size, false).points();
    double[] sums = new double[size];
    int[] counts = new int[size];
    for (float x : numbers) {
      int nearest = new Codebook(points, points).nearest(x);
      sums[nearest] += x;
      counts[nearest]++;
    }
    for (int c = 0; c < size; c++) {
      assertThat((double) points[c]).isCloseTo(sums[c] / counts[c], within(1e-3));
    }
    assertThat(points).isSorted();
    double uniform = lost(Codebook.uniform(size), numbers);
    assertThat(lost(new Codebook(points, points), numbers)).isLessThan(0.7 * uniform);
  }

  /** Rounding takes deviation away; levels of 2 bits give it back. */
  @Test
  void levelsHaveMeanAndDeviationOfTheNumbers() {
    float[] numbers = numbers(5000);
    CodebookLearning learning = new CodebookLearning();
    for (float x : numbers) {
      learning.add(x);
    }
    Codebook codebook = learning.learn(4, true);
    float[] read = new float[numbers.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = codebook.levels()[codebook.nearest(numbers[i])];
    }
    assertThat(moments(read)).containsExactly(moments(numbers), within(1e-3));
    assertThat(codebook.levels()).isNotEqualTo(codebook.points());
  }

  @Test
  void aCodebookOfOneNumberIsFinite() {
    CodebookLearning learning = new CodebookLearning();
    learning.add(0.3f);
    assertThat(learning.learn(4, true).both()).doesNotContain(Float.NaN).contains(0.3f);
    assertThat(new CodebookLearning().learn(4, true).both()).doesNotContain(Float.NaN);
  }

  @Test
  void plansNameTheirCalibration() {
    assertThat(KvPlan.parse("kvquant"))
        .hasToString("kvquant(bits=3,outliers=1%,sinks=1,levels=nuq)");
    assertThat(new KvQuant(3, 0.005, 4, KvQuant.Levels.UNIFORM).calibration())
        .isEqualTo("kvquant(bits=3,outliers=0.5%)");
    KvModel odd = KvModel.of(new KvShape(List.of(LayerShape.full(2, 1, 40))));
    assertThatThrownBy(() -> KvPlan.parse("kvquant").check(odd))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("kvquant: head dimension 40 is not a multiple of 16");
  }

  private static double lost(Codebook codebook, float[] numbers) {
    double lost = 0;
    for (float x : numbers) {
      lost += Math.pow(codebook.levels()[codebook.nearest(x)] - x, 2);
    }
    return lost;
  }

  private static double[] moments(float[] numbers) {
    double sum = 0;
    double squares = 0;
    for (float x : numbers) {
      sum += x;
      squares += (double) x * x;
    }
    double mean = sum / numbers.length;
    return new double[] {mean, Math.sqrt(squares / numbers.length - mean * mean)};
  }

  /** Most near 0.1, as channels are. */
  private static float[] numbers(int count) {
    Random random = new Random(5);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.clamp(0.1 + 0.15 * random.nextGaussian(), -1, 1);
    }
    return numbers;
  }

  private static JointFormat together(KvQuant method, Side side, KvModel model) {
    KvLayer layer = model.layer(0);
    List<KvHead> heads =
        IntStream.range(0, layer.shape().kvHeads()).mapToObj(g -> new KvHead(layer, g)).toList();
    return (side == Side.KEYS ? method.keysTogether(heads) : method.valuesTogether(heads))
        .orElseThrow();
  }

  /** Rows of all heads, some far out. */
  private static float[][] rows() {
    Random random = new Random(17);
    float[][] rows = new float[64][HEADS * DIM];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (random.nextGaussian() * (random.nextInt(40) == 0 ? 6 : 1) + i % 3);
      }
    }
    return rows;
  }

  /** Coded, and decoded head by head, both ways alike. */
  private static RawPage[] throughAPage(JointFormat format, float[][] rows) {
    int members = format.members();
    RawPage[] in = new RawPage[members];
    RawPage[] out = new RawPage[members];
    MemorySegment page = Arena.ofAuto().allocate(format.pageBytes(), 64);
    MemorySegment room = Arena.ofAuto().allocate(4L * format.roomFloats(), 64);
    for (int m = 0; m < members; m++) {
      in[m] = RawPage.of(64, format.dim());
      out[m] = RawPage.of(64, format.dim());
      for (int r = 0; r < 64; r++) {
        System.arraycopy(rows[r], m * format.dim(), in[m].values(), r * format.dim(), format.dim());
      }
    }
    format.encode(in, page, 0);
    for (int m = 0; m < members; m++) {
      format.decode(m, page, 0, out[m]);
      format.floats(m, page, room);
      for (int r = 0; r < 64; r++) {
        for (int d = 0; d < format.dim(); d++) {
          int at = format.unrotated() ? d * 64 + r : r * format.dim() + d;
          float read = room.getAtIndex(ValueLayout.JAVA_FLOAT, at);
          assertThat(read).isEqualTo(out[m].at(r, d));
        }
      }
    }
    return out;
  }
}
