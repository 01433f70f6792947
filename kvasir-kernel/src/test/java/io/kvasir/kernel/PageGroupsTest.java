package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PageGroupsTest {
  private static final int[] COUNTS = {1, 2, 3, 4, 7, 8, 16};

  static Stream<PageGroups> layouts() {
    return IntStream.of(2, 4)
        .boxed()
        .flatMap(
            bits ->
                Stream.of(
                    PageGroups.keys(bits, 64, 32),
                    PageGroups.keys(bits, 96, 64),
                    PageGroups.keys(bits, 256, 32),
                    PageGroups.values(bits, 64, 64),
                    PageGroups.values(bits, 96, 32),
                    PageGroups.values(bits, 256, 32)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void sumsAreScalarSumsWhateverTheCompany(PageGroups layout) {
    MemorySegment page = page(layout);
    float[] x = Blocks.floats(16 * layout.positions(), 3);
    for (int n : new int[] {layout.positions(), 17}) {
      for (int count : COUNTS) {
        float[] out = Blocks.floats(count * layout.lanes(), 5);
        float[] expected = out.clone();
        for (int i = 0; i < count; i++) {
          for (int lane = 0; lane < layout.lanes(); lane++) {
            for (int p = 0; p < n; p++) {
              expected[i * layout.lanes() + lane] =
                  Math.fma(
                      layout.read(page, lane, p),
                      x[i * layout.positions() + p],
                      expected[i * layout.lanes() + lane]);
            }
          }
        }
        layout.add(x, count, page, n, layout.lanes(), out);
        assertThat(out).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void roundedSumsAreTheScalarTwinsWhateverTheCompany(PageGroups layout) {
    MemorySegment page = page(layout);
    GroupSums sums = new GroupSums();
    float[] x = Blocks.floats(16 * layout.positions(), 3);
    for (int n : new int[] {layout.positions(), 17}) {
      for (int count : COUNTS) {
        float[] out = Blocks.floats(count * layout.lanes(), 5);
        float[] expected = out.clone();
        sums.add(layout, x, count, page, n, layout.lanes(), out);
        for (int i = 0; i < count; i++) {
          int at = i * layout.lanes();
          float[] twin = Arrays.copyOfRange(expected, at, at + layout.lanes());
          float[] row = Arrays.copyOfRange(x, i * layout.positions(), (i + 1) * layout.positions());
          GroupSumsRef.add(layout, row, page, n, layout.lanes(), twin);
          assertThat(Arrays.copyOfRange(out, at, at + layout.lanes())).isEqualTo(twin);
        }
      }
    }
  }

  /** Every code is off by its factor's rounding: half a step, times the code. */
  @ParameterizedTest
  @MethodSource("layouts")
  void roundingErrsByHalfAStepOfEachFactor(PageGroups layout) {
    MemorySegment page = page(layout);
    int positions = layout.positions();
    float[] x = Blocks.floats(positions, 7);
    float[] exact = new float[layout.lanes()];
    float[] rounded = new float[layout.lanes()];
    layout.add(x, 1, page, positions, layout.lanes(), exact);
    new GroupSums().add(layout, x, 1, page, positions, layout.lanes(), rounded);
    for (int lane = 0; lane < layout.lanes(); lane++) {
      float most = 0;
      int codes = 0;
      for (int p = 0; p < positions; p++) {
        float scale = Float.float16ToFloat((short) layout.entry(page, lane, p));
        most = Math.max(most, Math.abs(x[p] * scale));
        codes += layout.code(page, lane, p);
      }
      float bound = codes * most / GroupSums.largest(layout.bits()) / 2;
      assertThat(Math.abs(rounded[lane] - exact[lane]))
          .isLessThan(bound * 1.001f + 1e-5f * Math.abs(exact[lane]));
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void zerosAndLargestFactorsStayInBounds(PageGroups layout) {
    MemorySegment page = Arena.ofAuto().allocate(layout.bytes(), 64);
    int[] codes = new int[layout.group()];
    Arrays.fill(codes, (1 << layout.bits()) - 1);
    for (int lane = 0; lane < layout.lanes(); lane += layout.group()) {
      for (int p = 0; p < layout.positions(); p++) {
        layout.write(page, lane, p, Float.floatToFloat16(1), codes);
      }
    }
    float[] x = new float[layout.positions()];
    float[] out = new float[layout.lanes()];
    new GroupSums().add(layout, x, 1, page, x.length, layout.lanes(), out);
    assertThat(out).containsOnly(0f);
    Arrays.fill(x, -2f);
    new GroupSums().add(layout, x, 1, page, x.length, layout.lanes(), out);
    float sum = -2f * codes[0] * x.length;
    for (float y : out) {
      assertThat(y).isBetween(sum * 1.00001f, sum * 0.99999f);
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void allNumbersAreThoseReadOneByOne(PageGroups layout) {
    MemorySegment page = page(layout);
    float[] numbers = new float[layout.positions() * layout.lanes()];
    layout.numbers(page, numbers);
    for (int i = 0; i < numbers.length; i++) {
      assertThat(numbers[i]).isEqualTo(layout.read(page, i % layout.lanes(), i / layout.lanes()));
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void positionsMoveBitForBit(PageGroups layout) {
    MemorySegment from = page(layout);
    MemorySegment to = Arena.ofAuto().allocate(layout.bytes(), 64);
    layout.move(from, 5, to, 9);
    for (int lane = 0; lane < layout.lanes(); lane++) {
      assertThat(layout.read(to, lane, 9)).isEqualTo(layout.read(from, lane, 5));
      assertThat(layout.read(to, lane, 8)).isZero();
    }
  }

  /** Random codes with finite entries of both signs; positions of no use hold NaN entries too. */
  private static MemorySegment page(PageGroups layout) {
    Random random = new Random(layout.positions() + layout.bits());
    MemorySegment page = Arena.ofAuto().allocate(layout.bytes(), 64);
    for (int lane = 0; lane < layout.lanes(); lane += layout.group()) {
      for (int p = 0; p < layout.positions(); p++) {
        int[] codes = random.ints(layout.group(), 0, 1 << layout.bits()).toArray();
        int min = Float.floatToFloat16((float) random.nextGaussian());
        int scale = Float.floatToFloat16(random.nextFloat());
        layout.write(page, lane, p, scale & 0xffff | min << 16, codes);
      }
    }
    return page;
  }
}
