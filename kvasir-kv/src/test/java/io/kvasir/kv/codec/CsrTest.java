package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.Calibrations;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.ToyCalibrations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsrTest extends CodecContract {
  private static final int SIZE = 96;

  private final Map<Integer, KvLayer> layers = new HashMap<>();

  @Override
  Codec codec() {
    return new Csr(8, SIZE, 0);
  }

  @Override
  PageFormat format(Side side, int dim) {
    KvLayer layer = layers.computeIfAbsent(dim, CsrTest::layer);
    return side == Side.KEYS ? codec().keys(layer, 0) : codec().values(layer, 0);
  }

  /** A layer of which something was learned. */
  static KvLayer layer(int dim) {
    KvShape shape = new KvShape(List.of(LayerShape.full(2, 1, dim)));
    Rotary rotary = new Rotary(Rotary.Pairs.HALVES, dim, 10_000, new float[0], 1, 1024);
    KvModel bare = new KvModel(shape, List.of(rotary), Calibrations.NONE);
    return new KvModel(shape, List.of(rotary), new ToyCalibrations(bare, dim)).layer(0);
  }

  @Override
  float limit() {
    return 65504;
  }

  /** A row's rest is no longer than the row; weights are rounded to f16. */
  @Override
  double bound(Side side, RawPage in, int r, int d) {
    double sum = 0;
    for (int i = 0; i < in.dim(); i++) {
      sum += (double) in.at(r, i) * in.at(r, i);
    }
    return 1.01 * Math.sqrt(sum) + 8 * 6e-8;
  }

  private static Dictionary random(long seed, int dim, int size) {
    Random random = new Random(seed);
    float[] atoms = new float[size * dim];
    for (int n = 0; n < size; n++) {
      double sum = 0;
      for (int d = 0; d < dim; d++) {
        atoms[n * dim + d] = (float) random.nextGaussian();
        sum += Math.pow(atoms[n * dim + d], 2);
      }
      for (int d = 0; d < dim; d++) {
        atoms[n * dim + d] /= (float) Math.sqrt(sum);
      }
    }
    return Dictionary.of(atoms, dim);
  }

  private static float[] row(Random random, int dim) {
    float[] row = new float[dim];
    for (int d = 0; d < dim; d++) {
      row[d] = (float) random.nextGaussian();
    }
    return row;
  }

  @Test
  void comparesARowWithAllAtomsAtOnce() {
    Dictionary dictionary = random(1, 48, 100);
    float[] row = row(new Random(2), 48);
    float[] correlations = new float[100];
    dictionary.correlate(row, 0, correlations);
    for (int n = 0; n < 100; n++) {
      double dot = 0;
      for (int d = 0; d < 48; d++) {
        dot += (double) dictionary.atoms()[n * 48 + d] * row[d];
      }
      assertThat((double) correlations[n]).isCloseTo(dot, within(1e-5));
    }
  }

  /** A row of few atoms is found again, whichever they are. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void findsTheAtomsThatARowIsMadeOf(long seed) {
    Dictionary dictionary = random(seed, 64, 200);
    float[] row = new float[64];
    int[] made = {3, 77, 150};
    for (int i = 0; i < made.length; i++) {
      for (int d = 0; d < 64; d++) {
        row[d] += (i - 4) * dictionary.atoms()[made[i] * 64 + d];
      }
    }
    Pursuit pursuit = new Pursuit(dictionary, 8);
    pursuit.code(row, 0);
    Map<Integer, Float> found = new HashMap<>();
    for (int i = 0; i < pursuit.count(); i++) {
      found.put(pursuit.atom(i), pursuit.weight(i));
    }
    for (int i = 0; i < made.length; i++) {
      assertThat(found.get(made[i])).isCloseTo(i - 4f, within(1e-3f));
    }
  }

  /** The rest is orthogonal to every atom that was taken, and falls with each. */
  @Test
  void fitsAllWeightsToTheRow() {
    Dictionary dictionary = random(4, 64, 300);
    float[] row = row(new Random(5), 64);
    double before = Double.MAX_VALUE;
    for (int atoms = 1; atoms <= 12; atoms++) {
      Pursuit pursuit = new Pursuit(dictionary, atoms);
      pursuit.code(row, 0);
      double rest = 0;
      for (float x : pursuit.rest()) {
        rest += (double) x * x;
      }
      assertThat(rest).isLessThan(before);
      before = rest;
      for (int i = 0; i < pursuit.count(); i++) {
        double dot = 0;
        for (int d = 0; d < 64; d++) {
          dot += (double) pursuit.rest()[d] * dictionary.atoms()[pursuit.atom(i) * 64 + d];
        }
        assertThat(dot).isCloseTo(0, within(1e-5));
      }
    }
  }

  /** The paper's pursuit, which never mends a weight: it loses more on average. */
  @Test
  void losesLessThanMatchingPursuit() {
    Dictionary dictionary = random(6, 64, 300);
    Random random = new Random(7);
    double orthogonal = 0;
    double plain = 0;
    for (int i = 0; i < 50; i++) {
      float[] row = row(random, 64);
      Pursuit pursuit = new Pursuit(dictionary, 8);
      pursuit.code(row, 0);
      for (float x : pursuit.rest()) {
        orthogonal += (double) x * x;
      }
      plain += matchingPursuit(dictionary, row, 8);
    }
    assertThat(orthogonal).isLessThan(0.97 * plain);
  }

  private static double matchingPursuit(Dictionary dictionary, float[] row, int atoms) {
    double[] rest = new double[row.length];
    for (int d = 0; d < row.length; d++) {
      rest[d] = row[d];
    }
    for (int step = 0; step < atoms; step++) {
      int best = 0;
      double most = 0;
      for (int n = 0; n < dictionary.size(); n++) {
        double dot = 0;
        for (int d = 0; d < row.length; d++) {
          dot += rest[d] * dictionary.atoms()[n * row.length + d];
        }
        if (Math.abs(dot) > Math.abs(most)) {
          best = n;
          most = dot;
        }
      }
      for (int d = 0; d < row.length; d++) {
        rest[d] -= most * dictionary.atoms()[best * row.length + d];
      }
    }
    double sum = 0;
    for (double x : rest) {
      sum += x * x;
    }
    return sum;
  }

  /** Rows that are made of few hidden directions are coded far better after learning. */
  @Test
  void learnsWhatRowsAreMadeOf() {
    int dim = 32;
    Dictionary hidden = random(8, dim, 60);
    Random random = new Random(9);
    float[] rows = new float[1500 * dim];
    for (int i = 0; i < 1500; i++) {
      for (int a = 0; a < 3; a++) {
        int atom = random.nextInt(60);
        double weight = 1 + random.nextDouble();
        for (int d = 0; d < dim; d++) {
          rows[i * dim + d] += (float) (weight * hidden.atoms()[atom * dim + d]);
        }
      }
    }
    double learned = lost(DictionaryLearning.learn(rows, dim, 90), rows);
    assertThat(learned).isLessThan(0.3 * lost(random(10, dim, 90), rows)).isLessThan(0.1);
  }

  /** Which part of the rows' energy is lost with 4 atoms. */
  private static double lost(Dictionary dictionary, float[] rows) {
    Pursuit pursuit = new Pursuit(dictionary, 4);
    double lost = 0;
    double all = 0;
    for (int at = 0; at < rows.length; at += dictionary.dim()) {
      pursuit.code(rows, at);
      for (int d = 0; d < dictionary.dim(); d++) {
        lost += Math.pow(pursuit.rest()[d], 2);
        all += Math.pow(rows[at + d], 2);
      }
    }
    return lost / all;
  }

  @Test
  void learnsTheSameFromTheSameRowsWhateverTheirNumber() {
    Random random = new Random(11);
    float[] few = row(random, 20 * 16);
    assertThat(DictionaryLearning.learn(few, 16, 100).size()).isEqualTo(20);
    float[] zeros = new float[40 * 16];
    List<float[]> twice = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      twice.add(DictionaryLearning.learn(few, 16, 12).atoms());
      assertThat(DictionaryLearning.learn(zeros, 16, 12).atoms()).doesNotContain(Float.NaN);
    }
    assertThat(twice.get(0)).isEqualTo(twice.get(1));
  }

  /** Whether atoms were learned or are the sequence's own makes no difference to a code. */
  @Test
  void ownAtomsCountOnFromLearnedOnes() {
    Dictionary all = random(12, 32, 120);
    float[] atoms = all.atoms();
    Dictionary both =
        Dictionary.of(Arrays.copyOf(atoms, 80 * 32), 32)
            .with(Arrays.copyOfRange(atoms, 80 * 32, atoms.length));
    Random random = new Random(13);
    for (int i = 0; i < 20; i++) {
      float[] row = row(random, 32);
      Pursuit one = new Pursuit(all, 6);
      Pursuit other = new Pursuit(both, 6);
      one.code(row, 0);
      other.code(row, 0);
      assertThat(other.count()).isEqualTo(one.count());
      for (int a = 0; a < one.count(); a++) {
        assertThat(other.atom(a)).isEqualTo(one.atom(a));
        assertThat(other.weight(a)).isCloseTo(one.weight(a), within(1e-5f));
      }
    }
  }

  @Test
  void plansAreCheckedBeforeAnythingIsStored() {
    assertThat(KvPlan.parse("csr(atoms=8)")).hasToString("csr(atoms=8,dictionary=1024,online=128)");
    assertThatThrownBy(() -> KvPlan.parse("csr(atoms=7)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("csr: atoms=7 must be even, for example 8");
    assertThatThrownBy(() -> KvPlan.parse("csr(online=33)"))
        .isInstanceOf(KvPlanException.class)
        .hasMessage("csr: online=33 must be even, for example 34");
    assertThat(new Csr(4, 1024, 0).calibration()).isEqualTo(new Csr(8, 1024, 0).calibration());
    KvModel model = KvModel.of(new KvShape(List.of(LayerShape.full(2, 1, 64))));
    assertThat(codec().keys(model.layer(0), 0).pageBytes()).isEqualTo(64 * 8 * 4);
    assertThat(codec().values(model.layer(0), 0).pageBytes()).isEqualTo(64 * 8 * 4);
  }
}
