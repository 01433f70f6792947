package io.kvasir.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FourierTest {
  private static final int LANES = Fourier.SIDE_BY_SIDE;

  /** Factors up to 8, other primes, and 131, 262, 393, which are longer convolutions. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 16, 22, 31, 49, 60, 61, 67, 131, 143, 262, 393, 512
      })
  void frequenciesAreThoseOfTheDefinition(int n) {
    double[] re = numbers(n, 1);
    double[] im = numbers(n, 2);
    double[] expectedRe = re.clone();
    double[] expectedIm = im.clone();
    FourierRef.transform(n, expectedRe, expectedIm);
    Fourier fourier = new Fourier(n);
    fourier.transform(re, im);
    for (int i = 0; i < re.length; i++) {
      assertThat(re[i]).isCloseTo(expectedRe[i], within(1e-12 * n));
      assertThat(im[i]).isCloseTo(expectedIm[i], within(1e-12 * n));
    }
    fourier.transform(im, re);
    double[] before = numbers(n, 1);
    for (int i = 0; i < re.length; i++) {
      assertThat(re[i] / n).isCloseTo(before[i], within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 131})
  void aSequenceHasTheSameBitsWhateverStandsBesideIt(int n) {
    double[] re = numbers(n, 3);
    double[] im = numbers(n, 4);
    double[] alone = new double[re.length];
    double[] aloneIm = new double[re.length];
    for (int t = 0; t < n; t++) {
      alone[t * LANES + 2] = re[t * LANES + 5];
      aloneIm[t * LANES + 2] = im[t * LANES + 5];
    }
    Fourier fourier = new Fourier(n);
    fourier.transform(re, im);
    fourier.transform(alone, aloneIm);
    for (int k = 0; k < n; k++) {
      assertThat(alone[k * LANES + 2]).isEqualTo(re[k * LANES + 5]);
      assertThat(aloneIm[k * LANES + 2]).isEqualTo(im[k * LANES + 5]);
    }
  }

  private static double[] numbers(int n, int seed) {
    Random random = new Random(seed);
    double[] numbers = new double[n * LANES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextGaussian();
    }
    return numbers;
  }
}
