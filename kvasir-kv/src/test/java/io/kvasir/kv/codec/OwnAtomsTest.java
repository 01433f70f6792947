package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kv.KvLayer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sequence adds to the dictionary of csr. */
class OwnAtomsTest {
  private final KvLayer layer = CsrTest.layer(64);

  /** Which rows. */
  private enum Side {
    KEYS,
    VALUES
  }

  /** Rows of a prompt that keeps coming back to a few things, none of which was learned. */
  private static RowSource prompt(int dim) {
    float[] rows = new float[200 * dim];
    Random random = new Random(14);
    float[] things = new float[20 * dim];
    for (int i = 0; i < things.length; i++) {
      things[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < 200; i++) {
      int thing = random.nextInt(20);
      for (int d = 0; d < dim; d++) {
        rows[i * dim + d] = things[thing * dim + d] + (float) (0.2 * random.nextGaussian());
      }
    }
    return new RowSource() {
      @Override
      public int rows() {
        return 200;
      }

      @Override
      public void read(int member, int row, float[] out, int at) {
        System.arraycopy(rows, row * dim, out, at, dim);
      }
    };
  }

  private static RawPage page(RowSource rows, int first, int count, int dim) {
    RawPage page = RawPage.of(count, dim);
    for (int r = 0; r < count; r++) {
      rows.read(0, first + r, page.values(), r * dim);
    }
    return page;
  }

  private PageFormat online(Side side, int atoms) {
    Csr csr = new Csr(2, 96, atoms);
    return side == Side.KEYS ? csr.keys(layer, 0) : csr.values(layer, 0);
  }

  /** The part of the energy of rows that coding them loses. */
  private static double lost(PageFormat format, RawPage in) {
    MemorySegment page = Arena.ofAuto().allocate(format.pageBytes(), 64);
    format.encode(in, page, 0);
    RawPage out = RawPage.of(in.rows(), in.dim());
    format.decode(page, 0, out);
    double lost = 0;
    double all = 0;
    for (int i = 0; i < in.values().length; i++) {
      lost += Math.pow(out.values()[i] - in.values()[i], 2);
      all += Math.pow(in.values()[i], 2);
    }
    return lost / all;
  }

  @ParameterizedTest
  @EnumSource
  void aPromptsOwnRowsTellOfTheOthers(Side side) {
    RowSource prompt = prompt(64);
    PageFormat with = online(side, 80);
    assertThat(with.sealsPromptAtOnce()).isTrue();
    assertThat(with.sealable(80)).isZero();
    assertThat(with.sealable(81)).isEqualTo(81);
    with.fit(prompt);
    assertThat(with.sealable(1)).isOne();
    PageFormat without = online(side, 0);
    RawPage before = page(prompt, 0, 64, 64); // atoms are at most the last 80 of 200
    assertThat(lost(with, before)).isLessThan(0.3 * lost(without, before));
    RawPage last = page(prompt, 160, 40, 64); // both sides have all of these as atoms
    assertThat(lost(with, last)).isLessThan(1e-6);
  }

  /** Pages that were written before mean the same after. */
  @ParameterizedTest
  @EnumSource
  void whatWasFoundFirstStays(Side side) {
    RowSource prompt = prompt(64);
    PageFormat format = online(side, 80);
    format.fit(prompt);
    RawPage in = page(prompt, 100, 64, 64);
    double before = lost(format, in);
    format.fit(
        new RowSource() {
          @Override
          public int rows() {
            return 100;
          }

          @Override
          public void read(int member, int row, float[] out, int at) {
            out[at + row % 32] = 1;
          }
        });
    assertThat(lost(format, in)).isEqualTo(before);
    assertThat(format.fork()).isEqualTo(format);
    PageFormat fresh = online(side, 80);
    assertThat(fresh.fork()).isNotEqualTo(fresh);
  }

  /** A page is decoded for reading by other code than a row is. */
  @Test
  void pagesAreReadWithOwnAtomsToo() {
    RowSource prompt = prompt(64);
    PageFormat format = online(Side.VALUES, 80);
    format.fit(prompt);
    MemorySegment page = Arena.ofAuto().allocate(format.pageBytes(), 64);
    MemorySegment room = Arena.ofAuto().allocate(4L * format.roomFloats(), 64);
    format.encode(page(prompt, 136, 64, 64), page, 0);
    RawPage out = RawPage.of(64, 64);
    format.decode(page, 0, out);
    MemorySegment floats = format.floats(page, room).orElseThrow();
    for (int i = 0; i < 64 * 64; i++) {
      float x = floats.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      assertThat(x).isCloseTo(out.values()[i], within(1e-5f));
    }
  }
}
