package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.codec.CruelPages.Cruel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every codec promises, on cruel pages. A codec that cannot hold a page refuses it whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CodecContract {
  private static final int ROWS = PageFormat.ROWS;
  private static final int GUARD = 64;

  /** Rounding of up to 256 sums of subnormal numbers. */
  private static final double SUBNORMAL = 256 * Float.MIN_VALUE;

  private static final byte GUARD_BYTE = 0x5a;

  enum Side {
    KEYS,
    VALUES
  }

  abstract Codec codec();

  /** The largest magnitude the codec holds. */
  abstract float limit();

  /** The error its Javadoc allows at row r, channel d. */
  abstract double bound(Side side, RawPage in, int r, int d);

  int[] dims() {
    return new int[] {64, 96, 128, 256};
  }

  /** The form of a side; a codec that asks for a layer makes one. */
  PageFormat format(Side side, int dim) {
    return side == Side.KEYS ? codec().keys(dim) : codec().values(dim);
  }

  final Stream<Arguments> cruelPages() {
    List<Arguments> all = new ArrayList<>();
    for (Side side : Side.values()) {
      for (int dim : dims()) {
        for (int rows : new int[] {1, 63, 64}) {
          for (Cruel cruel : CruelPages.of(wholeGroups(format(side, dim), rows), dim)) {
            all.add(arguments(side, cruel));
          }
        }
      }
    }
    return all.stream();
  }

  private static int wholeGroups(PageFormat format, int rows) {
    return Math.max(format.group(), rows - rows % format.group());
  }

  @ParameterizedTest
  @MethodSource("cruelPages")
  void decodesWithinItsBound(Side side, Cruel cruel) {
    RawPage in = cruel.page();
    PageFormat format = format(side, in.dim());
    if (cruel.name().equals("huge") && limit() < CruelPages.HUGE) {
      assertRefused(format, in, ": row 0 channel 0 is 8000000.0; expected a finite number of");
      return;
    }
    RawPage out = RawPage.of(in.rows(), in.dim());
    format.decode(encoded(format, in), 0, out);
    for (int r = 0; r < in.rows(); r++) {
      for (int d = 0; d < in.dim(); d++) {
        double allowed = bound(side, in, r, d);
        double error = Math.abs((double) out.at(r, d) - in.at(r, d));
        if (!(error <= allowed)) {
          fail(
              "row %d channel %d: %s came back as %s, off by more than %s"
                  .formatted(r, d, in.at(r, d), out.at(r, d), allowed));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cruelPages")
  void attentionOnCodesEqualsAttentionOnDecodedRows(Side side, Cruel cruel) {
    RawPage in = cruel.page();
    if (cruel.name().equals("huge") && limit() < CruelPages.HUGE) {
      return;
    }
    PageFormat format = format(side, in.dim());
    MemorySegment page = encoded(format, in);
    RawPage rows = RawPage.of(in.rows(), in.dim());
    format.decode(page, 0, rows);
    switch (format) {
      case KeyFormat keys -> scoresEqual(keys, page, rows);
      case ValueFormat values -> sumsEqual(values, page, rows);
    }
  }

  private static void scoresEqual(KeyFormat keys, MemorySegment page, RawPage rows) {
    int dim = rows.dim();
    float[] q = floats(dim, 5);
    float[] prepared = new float[keys.queryWidth()];
    keys.prepareQuery(q, 0, prepared, 0);
    float[] scores = new float[ROWS];
    keys.scores(prepared, 1, page, rows.rows(), scores);
    for (int r = 0; r < rows.rows(); r++) {
      double dot = 0;
      double size = 0;
      for (int d = 0; d < dim; d++) {
        double product = (double) q[d] * rows.at(r, d);
        dot += product;
        size += Math.abs(product);
      }
      assertThat((double) scores[r])
          .as("row %d", r)
          .isCloseTo(dot, within(size * 1e-5 + SUBNORMAL));
    }
  }

  private static void sumsEqual(ValueFormat values, MemorySegment page, RawPage rows) {
    int dim = rows.dim();
    float[] weights = floats(ROWS, 6);
    float[] acc = new float[values.outputWidth()];
    values.accumulate(weights, 1, page, rows.rows(), acc);
    float[] out = new float[dim];
    values.finishOutput(acc, 0, out, 0);
    for (int d = 0; d < dim; d++) {
      double sum = 0;
      double size = 0;
      for (int r = 0; r < rows.rows(); r++) {
        double product = (double) weights[r] * rows.at(r, d);
        sum += product;
        size += Math.abs(product);
      }
      assertThat((double) out[d])
          .as("channel %d", d)
          .isCloseTo(sum, within(size * 1e-5 + SUBNORMAL));
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyQueriesEqualOneByOne(Side side) {
    for (int dim : dims()) {
      PageFormat format = format(side, dim);
      MemorySegment page = encoded(format, normal(ROWS, dim));
      for (int count : new int[] {2, 3, 7, 16}) {
        float[] together = attend(format, page, 0, count);
        int width = together.length / count;
        for (int i = 0; i < count; i++) {
          assertThat(Arrays.copyOfRange(together, i * width, (i + 1) * width))
              .isEqualTo(attend(format, page, i, 1));
        }
      }
    }
  }

  /** Scores or sums of queries {@code first ..} on a full page. */
  private static float[] attend(PageFormat format, MemorySegment page, int first, int count) {
    return switch (format) {
      case KeyFormat keys -> {
        int dim = keys.dim();
        float[] prepared = new float[count * keys.queryWidth()];
        for (int i = 0; i < count; i++) {
          keys.prepareQuery(floats(dim, first + i), 0, prepared, i * keys.queryWidth());
        }
        float[] out = new float[count * ROWS];
        keys.scores(prepared, count, page, ROWS, out);
        yield out;
      }
      case ValueFormat values -> {
        float[] weights = new float[count * ROWS];
        for (int i = 0; i < count; i++) {
          System.arraycopy(floats(ROWS, first + i), 0, weights, i * ROWS, ROWS);
        }
        float[] acc = new float[count * values.outputWidth()];
        values.accumulate(weights, count, page, ROWS, acc);
        yield acc;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void groupByGroupEqualsWholePage(Side side) {
    for (int dim : dims()) {
      PageFormat format = format(side, dim);
      RawPage in = normal(ROWS, dim);
      MemorySegment page = blank(format, (byte) 0);
      for (int slot = 0; slot < ROWS; slot += format.group()) {
        format.encode(rows(in, slot, format.group()), page, slot);
      }
      assertThat(bytes(page)).isEqualTo(bytes(encoded(format, in)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void movedRowsKeepTheirBits(Side side) {
    for (int dim : dims()) {
      PageFormat format = format(side, dim);
      RawPage in = normal(ROWS, dim);
      MemorySegment page = encoded(format, in);
      MemorySegment reversed = blank(format, (byte) 0);
      if (format.group() > 1) {
        assertThatThrownBy(() -> format.move(page, 0, reversed, 1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("coded in groups of " + format.group());
        continue;
      }
      RawPage expected = RawPage.of(ROWS, dim);
      for (int r = 0; r < ROWS; r++) {
        format.move(page, r, reversed, ROWS - 1 - r);
        System.arraycopy(in.values(), r * dim, expected.values(), (ROWS - 1 - r) * dim, dim);
      }
      assertThat(bytes(reversed)).isEqualTo(bytes(encoded(format, expected)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesExactlyPageBytesAndTheSameForTheSameInput(Side side) {
    for (int dim : dims()) {
      PageFormat format = format(side, dim);
      RawPage in = normal(ROWS, dim);
      byte[] first = new byte[0];
      for (byte fill : new byte[] {0, -1}) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment guarded = arena.allocate(format.pageBytes() + 2 * GUARD, 64);
          guarded.fill(GUARD_BYTE);
          MemorySegment page = guarded.asSlice(GUARD, format.pageBytes()).fill(fill);
          format.encode(in, page, 0);
          assertThat(bytes(guarded.asSlice(0, GUARD))).containsOnly(GUARD_BYTE);
          assertThat(bytes(guarded.asSlice(GUARD + format.pageBytes()))).containsOnly(GUARD_BYTE);
          if (fill == 0) {
            first = bytes(page);
          } else {
            assertThat(bytes(page)).isEqualTo(first);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void slotsNotEncodedAreNeitherReadNorWritten(Side side) {
    PageFormat format = format(side, 64);
    int rows = format.group();
    RawPage in = normal(rows, 64);
    MemorySegment clean = blank(format, (byte) 0);
    MemorySegment dirty = blank(format, (byte) -1); // NaN, where a number is read
    format.encode(in, clean, 0);
    format.encode(in, dirty, 0);
    RawPage fromClean = RawPage.of(rows, 64);
    RawPage fromDirty = RawPage.of(rows, 64);
    format.decode(clean, 0, fromClean);
    format.decode(dirty, 0, fromDirty);
    assertThat(fromDirty.values()).isEqualTo(fromClean.values());
    float[] q = floats(64, 5);
    float[] out = new float[ROWS];
    switch (format) {
      case KeyFormat keys -> keys.scores(q, 1, dirty, rows, out);
      case ValueFormat values -> values.accumulate(q, 1, dirty, rows, out);
    }
    assertThat(Arrays.copyOf(out, rows)).doesNotContain(Float.NaN);
  }

  @ParameterizedTest
  @EnumSource
  void nanIsRefusedBeforeAnyByteIsWritten(Side side) {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      RawPage in = normal(ROWS, 64);
      in.values()[40 * 64 + 5] = bad;
      assertRefused(format(side, 64), in, ": row 40 channel 5 is " + bad + "; expected a finite");
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsBeyondThePageAreRefused(Side side) {
    PageFormat format = format(side, 64);
    MemorySegment page = blank(format, (byte) 7);
    assertThatThrownBy(() -> format.encode(normal(64, 64), page, format.group()))
        .hasMessage(
            name()
                + ": 64 rows of 64 at slot "
                + format.group()
                + " do not fit a page of 64 rows of 64");
    assertThatThrownBy(() -> format.encode(normal(64, 96), page, 0))
        .hasMessage(name() + ": 64 rows of 96 at slot 0 do not fit a page of 64 rows of 64");
    assertThat(bytes(page)).containsOnly((byte) 7);
  }

  @ParameterizedTest
  @EnumSource
  void goldenPageStillDecodes(Side side) throws IOException {
    PageFormat format = format(side, 64);
    RawPage in =
        CruelPages.filled(format.group(), 64, i -> (i * 37 % 101 - 50) * 0.25f + i % 64 % 3);
    MemorySegment page = blank(format, (byte) 0);
    format.encode(in, page, 0);
    MemorySegment golden = GoldenPage.of(goldenName() + "-" + side, page);
    RawPage now = RawPage.of(in.rows(), 64);
    RawPage then = RawPage.of(in.rows(), 64);
    format.decode(page, 0, now);
    format.decode(golden, 0, then);
    assertThat(then.values()).isEqualTo(now.values());
    assertThat(bytes(golden)).isEqualTo(bytes(page));
  }

  /** The codec's plan text without what a page does not depend on. */
  String goldenName() {
    return name();
  }

  final String name() {
    KvMethod method = codec().getClass().getAnnotation(KvMethod.class);
    assertThat(method).isNotNull();
    return method.value();
  }

  private void assertRefused(PageFormat format, RawPage in, String message) {
    MemorySegment page = blank(format, (byte) 7);
    assertThatThrownBy(() -> format.encode(in, page, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name() + message);
    assertThat(bytes(page)).containsOnly((byte) 7);
  }

  static MemorySegment blank(PageFormat format, byte fill) {
    return Arena.ofAuto().allocate(format.pageBytes(), 64).fill(fill);
  }

  static MemorySegment encoded(PageFormat format, RawPage in) {
    MemorySegment page = blank(format, (byte) 0);
    format.encode(in, page, 0);
    return page;
  }

  static byte[] bytes(MemorySegment page) {
    return page.toArray(ValueLayout.JAVA_BYTE);
  }

  static RawPage normal(int rows, int dim) {
    Random random = new Random(dim);
    return CruelPages.filled(rows, dim, i -> (float) random.nextGaussian());
  }

  private static RawPage rows(RawPage in, int first, int rows) {
    int dim = in.dim();
    float[] values = Arrays.copyOfRange(in.values(), first * dim, (first + rows) * dim);
    return new RawPage(values, rows, dim);
  }

  private static float[] floats(int n, int seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
