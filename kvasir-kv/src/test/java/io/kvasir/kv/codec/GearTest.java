package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.GroupSums;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Few bits, extreme numbers, and a low-rank part of the error. */
class GearTest {
  private static final int DIM = 64;
  private static final int HEADS = 3;
  private static final int TOKENS = 192;
  private static final KvModel MODEL =
      KvModel.of(new KvShape(List.of(LayerShape.full(9, HEADS, DIM))));
  private static final List<KvHead> ALL =
      IntStream.range(0, HEADS).mapToObj(g -> new KvHead(MODEL.layer(0), g)).toList();

  private final float[][] rows = rows();

  @ParameterizedTest
  @CsvSource({"true,2,64", "true,4,32", "false,2,64", "false,4,32"})
  void eachPartTakesSomethingOffTheError(boolean keys, int bits, int group) {
    double codes = error(new Gear(bits, group, 0, 0, 0, 64, 3), keys, TOKENS);
    double lowRank = error(new Gear(bits, group, 4, 2, 0, 64, 3), keys, TOKENS);
    double all = error(new Gear(bits, group, 4, 2, 0.02, 64, 3), keys, TOKENS);
    assertThat(lowRank).isLessThan(codes);
    assertThat(all).isLessThan(lowRank);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void codesAloneAreKivis(boolean keys) {
    Gear gear = new Gear(2, 64, 0, 0, 0, 64, 3);
    Kivi kivi = new Kivi(2, 64, 64);
    RawPage in = page(0, 0);
    try (Arena arena = Arena.ofConfined()) {
      PageFormat ours = keys ? gear.keys(DIM) : gear.values(DIM);
      PageFormat theirs = keys ? kivi.keys(DIM) : kivi.values(DIM);
      MemorySegment page = arena.allocate(ours.pageBytes(), 64);
      ours.fit(source(new RawPage[] {in}));
      ours.encode(in, page, 0);
      MemorySegment other = arena.allocate(theirs.pageBytes(), 64);
      theirs.encode(in, other, 0);
      RawPage a = RawPage.of(64, DIM);
      RawPage b = RawPage.of(64, DIM);
      ours.decode(page, 0, a);
      theirs.decode(other, 0, b);
      assertThat(a.values()).containsExactly(b.values(), within(1e-6f));
    }
  }

  @Test
  void extremeNumbersComeBackAsTheyWere() {
    Gear gear = new Gear(2, 64, 0, 0, 0.0625, 64, 3);
    RawPage in = page(1, 0);
    in.values()[5 * DIM + 7] = 400;
    in.values()[9 * DIM + 7] = -300;
    try (Arena arena = Arena.ofConfined()) {
      KeyFormat keys = gear.keys(DIM);
      MemorySegment page = arena.allocate(keys.pageBytes(), 64);
      keys.fit(source(new RawPage[] {in}));
      keys.encode(in, page, 0);
      RawPage out = RawPage.of(64, DIM);
      keys.decode(page, 0, out);
      assertThat(out.at(5, 7)).isCloseTo(400, within(0.13f)); // half the last bit of 256 and more
      assertThat(out.at(9, 7)).isCloseTo(-300, within(0.13f));
      for (int d = 0; d < DIM; d++) {
        int exact = 0;
        for (int r = 0; r < 64; r++) {
          // as exact as f16 has the difference from what its code says
          if (Math.abs(out.at(r, d) - in.at(r, d)) < Math.abs(in.at(r, d)) / 1000) {
            exact++;
          }
        }
        assertThat(exact).isGreaterThanOrEqualTo(4); // round(64 x 6.25 % / 2) of either end
      }
    }
  }

  @Test
  void powerIterationFindsNearlyTheBestAxes() {
    Random random = new Random(3);
    float[] e = new float[256 * DIM];
    float[] axes = new float[3 * DIM];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < 256; r++) {
      for (int d = 0; d < DIM; d++) {
        e[r * DIM + d] = (float) random.nextGaussian();
      }
      for (int k = 0; k < 3; k++) {
        float a = 0.5f * (float) random.nextGaussian();
        for (int d = 0; d < DIM; d++) {
          e[r * DIM + d] += a * axes[k * DIM + d];
        }
      }
    }
    float[] found = new Gear(2, 64, 4, 2, 0, 64, 3).axes(e, 256, DIM, 4);
    double left = 0;
    for (int r = 0; r < 256; r++) {
      float[] row = Arrays.copyOfRange(e, r * DIM, (r + 1) * DIM);
      for (int k = 0; k < 4; k++) {
        float along = 0;
        for (int d = 0; d < DIM; d++) {
          along += row[d] * found[k * DIM + d];
        }
        for (int d = 0; d < DIM; d++) {
          row[d] -= along * found[k * DIM + d];
        }
      }
      for (float x : row) {
        left += (double) x * x;
      }
    }
    double best = leastError(e, 256, 4);
    assertThat(Math.sqrt(left)).isBetween(Math.sqrt(best) * 0.9999, Math.sqrt(best) * 1.02);
  }

  @Test
  void constantRowsAreExactAndLeaveNoError() {
    RawPage in = RawPage.of(64, DIM);
    Arrays.fill(in.values(), 1.5f);
    for (boolean keys : new boolean[] {true, false}) {
      Gear gear = new Gear(2, 64, 4, 2, 0.02, 64, 3);
      PageFormat format = keys ? gear.keys(DIM) : gear.values(DIM);
      format.fit(source(new RawPage[] {in}));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        format.encode(in, page, 0);
        format.encode(in, page, 0); // the second block is a later one
        RawPage out = RawPage.of(64, DIM);
        format.decode(page, 0, out);
        assertThat(out.values()).containsOnly(1.5f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void floatsAreTheDecodedRowsInThePromptAndLater(boolean keys) {
    JointFormat format = format(new Gear(2, 32, 4, 2, 0.02, 64, 3), keys);
    format.fit(source(pages(0)));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(4L * format.roomFloats(), 64);
      for (int at = 0; at < TOKENS; at += 64) { // the first is the prompt, the others came later
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        format.encode(pages(at), page, 0);
        for (int m = 0; m < HEADS; m++) {
          RawPage out = RawPage.of(64, DIM);
          format.decode(m, page, 0, out);
          format.floats(m, page, room);
          for (int r = 0; r < 64; r++) {
            for (int d = 0; d < DIM; d++) {
              int i = keys ? d * 64 + r : r * DIM + d;
              assertThat(room.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(out.at(r, d));
            }
          }
        }
      }
    }
  }

  /** Codes are met as kivi's, by rounded factors; all else is as exact as f32. */
  @ParameterizedTest
  @CsvSource({"true,2,64", "true,4,32", "false,2,64", "false,4,32"})
  void sumsOnCodesAreThoseOfKiviAndOfWhatItLoses(boolean keys, int bits, int group) {
    Gear gear = new Gear(bits, group, 4, 2, 0.02, 64, 3);
    GearLayout layout = new GearLayout(gear, keys, HEADS, DIM);
    JointFormat format = format(gear, keys);
    format.fit(source(pages(0)));
    GroupSums sums = new GroupSums();
    float[] x = new float[64];
    Random random = new Random(5);
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] codes = new float[64 * DIM]; // numbers of codes, [positions][lanes]
    try (Arena arena = Arena.ofConfined()) {
      for (int at = 0; at < TOKENS; at += 64) { // the first is the prompt, the others came later
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        format.encode(pages(at), page, 0);
        for (int m = 0; m < HEADS; m++) {
          RawPage rows = RawPage.of(64, DIM);
          format.decode(m, page, 0, rows);
          float[] out = new float[3 * 64];
          format.addRounded(m, Arrays.copyOf(x, 3 * 64), 1, page, out, sums);
          layout.codes().numbers(layout.member(m, page), codes);
          float[] rounded = new float[64];
          sums.add(layout.codes(), x, 1, layout.member(m, page), 64, 64, rounded);
          for (int l = 0; l < 64; l++) {
            double lost = 0;
            for (int p = 0; p < 64; p++) {
              lost += x[p] * ((keys ? rows.at(l, p) : rows.at(p, l)) - codes[p * 64 + l]);
            }
            assertThat((double) out[l]).isCloseTo(rounded[l] + lost, within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void differencesBeyondF16AreCutAndNothingBecomesInfinite() {
    RawPage in = RawPage.of(64, DIM);
    Arrays.fill(in.values(), -65504f);
    in.values()[9 * DIM + 7] = 65504f;
    for (boolean keys : new boolean[] {true, false}) {
      Gear gear = new Gear(2, 64, 4, 2, 0.02, 64, 3);
      PageFormat format = keys ? gear.keys(DIM) : gear.values(DIM);
      format.fit(source(new RawPage[] {in}));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        format.encode(in, page, 0);
        RawPage out = RawPage.of(64, DIM);
        format.decode(page, 0, out);
        for (float x : out.values()) {
          assertThat(x).isBetween(-65600f, 65600f);
        }
      }
    }
  }

  @Test
  void aRankAsLargeAsTheHeadIsRefused() {
    assertThatThrownBy(() -> new Gear(2, 32, 32, 2, 0.02, 64, 3).keys(32))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("gear: rank=32,rank-later=2 for a head dimension of 32; expected less");
    assertThatThrownBy(() -> new Gear(2, 64, 4, 2, 0.02, 64, 3).keys(96))
        .hasMessage("gear: head dimension 96 is not a multiple of 64");
    assertThatThrownBy(() -> new Gear(2, 64, 4, 2, 0.02, 64, 3).values(1088))
        .hasMessage("gear: head dimension 1088; expected at most 1024");
  }

  private double error(Gear gear, boolean keys, int tokens) {
    JointFormat format = format(gear, keys);
    format.fit(source(rows));
    double error = 0;
    try (Arena arena = Arena.ofConfined()) {
      for (int at = 0; at < tokens; at += 64) {
        MemorySegment page = arena.allocate(format.pageBytes(), 64);
        RawPage[] in = pages(at);
        format.encode(in, page, 0);
        for (int m = 0; m < HEADS; m++) {
          RawPage out = RawPage.of(64, DIM);
          format.decode(m, page, 0, out);
          for (int i = 0; i < 64 * DIM; i++) {
            error += Math.pow(out.values()[i] - in[m].values()[i], 2);
          }
        }
      }
    }
    return error;
  }

  private static JointFormat format(Gear gear, boolean keys) {
    return (keys ? gear.keysTogether(ALL) : gear.valuesTogether(ALL)).orElseThrow();
  }

  private RawPage[] pages(int at) {
    return IntStream.range(0, HEADS).mapToObj(m -> page(m, at)).toArray(RawPage[]::new);
  }

  private RawPage page(int member, int at) {
    return new RawPage(Arrays.copyOfRange(rows[member], at * DIM, (at + 64) * DIM), 64, DIM);
  }

  private static RowSource source(RawPage[] pages) {
    return source(Arrays.stream(pages).map(RawPage::values).toArray(float[][]::new));
  }

  private static RowSource source(float[][] members) {
    return new RowSource() {
      @Override
      public int rows() {
        return members[0].length / DIM;
      }

      @Override
      public void read(int member, int row, float[] out, int at) {
        System.arraycopy(members[member], row * DIM, out, at, DIM);
      }
    };
  }

  /** Normal numbers in which some channels are large, some numbers huge, some directions shared. */
  private static float[][] rows() {
    Random random = new Random(11);
    float[][] rows = new float[HEADS][TOKENS * DIM];
    for (float[] head : rows) {
      float[] shared = new float[DIM];
      for (int d = 0; d < DIM; d++) {
        shared[d] = (float) random.nextGaussian();
      }
      for (int t = 0; t < TOKENS; t++) {
        float a = (float) random.nextGaussian();
        for (int d = 0; d < DIM; d++) {
          float x = (float) random.nextGaussian() + 0.3f * a * shared[d];
          x *= d % 16 == 3 ? 4 : 1;
          head[t * DIM + d] = random.nextInt(100) == 0 ? 6 * x : x;
        }
      }
    }
    return rows;
  }

  private static double leastError(float[] e, int rows, int rank) {
    DMatrixRMaj m = new DMatrixRMaj(rows, DIM);
    for (int i = 0; i < e.length; i++) {
      m.set(i, e[i]);
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(rows, DIM, false, false, true);
    svd.decompose(m);
    double[] values = svd.getSingularValues().clone();
    Arrays.sort(values);
    double least = 0;
    for (int i = 0; i < values.length - rank; i++) {
      least += values[i] * values[i];
    }
    return least;
  }
}
