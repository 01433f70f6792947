package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.GroupSums;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.KvShape;
import io.kvasir.kv.LayerShape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two layers, one direction. */
class MiniCacheTest {
  private static final int DIM = 32;
  private static final KvModel MODEL =
      KvModel.of(new KvShape(Collections.nCopies(7, LayerShape.full(4, 2, DIM))));

  @Test
  void layersArePairedFromTheStartOn() {
    MiniCache half = new MiniCache(0, 0.05, 0.6);
    MiniCache four = new MiniCache(4, 0.05, 0.6);
    assertThat(List.of(2, 3, 4, 5, 6).stream().map(l -> half.layersTogether(MODEL, l)))
        .containsExactly(1, 2, 1, 2, 1);
    assertThat(List.of(3, 4, 6).stream().map(l -> four.layersTogether(MODEL, l)))
        .containsExactly(1, 2, 1);
  }

  @Test
  void theDirectionLiesOnTheArc() {
    MiniCache method = new MiniCache(0, 0, 0.25);
    float[] y = {2, 0};
    float[] x = {0, 5};
    float[] e = new float[2];
    assertThat(method.direction(y, 0, x, 0, 2, e)).isZero();
    double angle = 0.25 * Math.PI / 2; // a quarter of the way from y to x
    assertThat(e[0]).isCloseTo((float) Math.cos(angle), within(1e-6f));
    assertThat(e[1]).isCloseTo((float) Math.sin(angle), within(1e-6f));
    assertThat(method.direction(y, 0, y, 0, 2, e)).isEqualTo(1);
    assertThat(e).containsExactly(1, 0);
    assertThat(method.direction(new float[2], 0, x, 0, 2, e)).isEqualTo(1);
    assertThat(e[1]).isCloseTo(1, within(1e-6f));
    method.direction(new float[2], 0, new float[2], 0, 2, e);
    assertThat(e).containsExactly(0, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lengthsAndTheMostDifferentRowsAreKept(boolean keys) {
    MiniCache method = new MiniCache(0, 0.05, 0.6);
    JointFormat format = format(method, keys);
    RawPage[] in = pages(0.3f);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      format.encode(in, page, 0);
      for (int m = 0; m < 4; m++) {
        RawPage out = RawPage.of(64, DIM);
        format.decode(m, page, 0, out);
        List<Integer> exact = new ArrayList<>();
        for (int r = 0; r < 64; r++) {
          double length = MiniCache.length(in[m].values(), r * DIM, DIM);
          assertThat(MiniCache.length(out.values(), r * DIM, DIM))
              .isCloseTo(length, within(length * 2e-3));
          if (off(in[m], out, r) < 1e-3 * length) {
            exact.add(r);
          }
        }
        assertThat(exact).isEqualTo(mostDifferent(in[m % 2], in[2 + m % 2]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void floatsAreTheDecodedRows(boolean keys) {
    JointFormat format = format(new MiniCache(0, 0.1, 0.6), keys);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      format.encode(pages(0.5f), page, 0);
      MemorySegment room = arena.allocate(4L * format.roomFloats(), 64);
      for (int m = 0; m < 4; m++) {
        RawPage out = RawPage.of(64, DIM);
        format.decode(m, page, 0, out);
        format.floats(m, page, room);
        for (int r = 0; r < 64; r++) {
          for (int d = 0; d < DIM; d++) {
            int at = keys ? d * 64 + r : r * DIM + d;
            assertThat(room.getAtIndex(ValueLayout.JAVA_FLOAT, at)).isEqualTo(out.at(r, d));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sumsOnDirectionsAreThoseOfTheDecodedRows(boolean keys) {
    JointFormat format = format(new MiniCache(0, 0.1, 0.6), keys);
    int count = 3;
    int width = keys ? DIM : 64;
    Random random = new Random(6);
    float[] x = new float[count * width];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(format.pageBytes(), 64);
      format.encode(pages(0.5f), page, 0);
      for (int m = 0; m < 4; m++) {
        RawPage rows = RawPage.of(64, DIM);
        format.decode(m, page, 0, rows);
        float[] out = new float[count * (96 - width)];
        format.addRounded(m, x, count, page, out, new GroupSums());
        for (int i = 0; i < out.length; i++) {
          int query = i / (96 - width);
          int lane = i % (96 - width);
          double sum = 0;
          for (int p = 0; p < width; p++) {
            sum += (double) x[query * width + p] * (keys ? rows.at(lane, p) : rows.at(p, lane));
          }
          assertThat((double) out[i]).isCloseTo(sum, within(1e-4));
        }
      }
    }
  }

  @Test
  void halfTheBytesAndTheRetained() {
    JointFormat format = format(new MiniCache(0, 0.05, 0.6), true);
    int retained = 4; // of 64, 5 % rounded up
    int pair = 128 * DIM + 512 + retained + 4 * DIM * retained;
    assertThat(format.pageBytes()).isEqualTo(2L * ((pair + 63) / 64 * 64));
  }

  private static JointFormat format(MiniCache method, boolean keys) {
    List<KvHead> heads = new ArrayList<>();
    for (int l = 3; l <= 4; l++) {
      heads.add(new KvHead(MODEL.layer(l), 0));
      heads.add(new KvHead(MODEL.layer(l), 1));
    }
    return (keys ? method.keysTogether(heads) : method.valuesTogether(heads)).orElseThrow();
  }

  /** Rows of the later layer are those of the earlier one, turned a little and stretched. */
  private static RawPage[] pages(float turn) {
    Random random = new Random(5);
    RawPage[] pages = {
      RawPage.of(64, DIM), RawPage.of(64, DIM), RawPage.of(64, DIM), RawPage.of(64, DIM)
    };
    for (int g = 0; g < 2; g++) {
      for (int i = 0; i < 64 * DIM; i++) {
        pages[g].values()[i] = (float) random.nextGaussian();
        pages[2 + g].values()[i] =
            3 * pages[g].values()[i] + turn * (float) random.nextGaussian() * (1 + i / DIM % 5);
      }
    }
    return pages;
  }

  private static List<Integer> mostDifferent(RawPage earlier, RawPage later) {
    List<Integer> slots = new ArrayList<>();
    for (int r = 0; r < 64; r++) {
      slots.add(r);
    }
    slots.sort((a, b) -> Double.compare(cosine(earlier, later, a), cosine(earlier, later, b)));
    return slots.subList(0, 4).stream().sorted().toList();
  }

  private static double cosine(RawPage a, RawPage b, int row) {
    double dot = 0;
    for (int d = 0; d < DIM; d++) {
      dot += (double) a.at(row, d) * b.at(row, d);
    }
    return dot
        / MiniCache.length(a.values(), row * DIM, DIM)
        / MiniCache.length(b.values(), row * DIM, DIM);
  }

  private static double off(RawPage a, RawPage b, int row) {
    double sum = 0;
    for (int d = 0; d < DIM; d++) {
      sum += Math.pow(a.at(row, d) - b.at(row, d), 2);
    }
    return Math.sqrt(sum);
  }
}
