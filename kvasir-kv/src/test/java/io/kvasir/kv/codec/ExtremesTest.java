package io.kvasir.kv.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtremesTest {
  @ParameterizedTest
  @CsvSource({"1,1", "64,1", "64,3", "192,2", "200,100", "7,0"})
  void theSmallestAndTheLargestAreFoundWhereTheyStand(int n, int count) {
    Random random = new Random(n);
    float[] line = new float[n + 3];
    for (int i = 0; i < line.length; i++) {
      line[i] = random.nextInt(9) - 4; // many are equal
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> line[i]).thenComparing(i -> i))
            .mapToInt(i -> i)
            .toArray();
    int[] places = Extremes.places(line, n, count);
    int[] smallest = Arrays.copyOf(order, count);
    int[] largest = Arrays.copyOfRange(order, n - count, n);
    Arrays.sort(smallest);
    Arrays.sort(largest);
    assertThat(Arrays.copyOf(places, count)).isEqualTo(smallest);
    assertThat(Arrays.copyOfRange(places, count, 2 * count)).isEqualTo(largest);
  }

  @Test
  void infinitiesStandFurthestOut() {
    float[] line = {1, Float.POSITIVE_INFINITY, -2, Float.NEGATIVE_INFINITY, 7};
    assertThat(Extremes.places(line, 5, 2)).containsExactly(2, 3, 1, 4);
  }
}
