package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;

/** Things drawn at random. */
final class Draws {
  private Draws() {}

  static <T> T one(UniformRandomProvider random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A copy in random order (Fisher and Yates). */
  static <T> List<T> shuffled(UniformRandomProvider random, List<T> list) {
    List<T> shuffled = new ArrayList<>(list);
    for (int i = shuffled.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      shuffled.set(i, shuffled.set(other, shuffled.get(i)));
    }
    return shuffled;
  }

  /** As many different ones; the supplier must be able to give that many. */
  static List<String> distinct(int count, Supplier<String> draw) {
    Set<String> distinct = new LinkedHashSet<>();
    while (distinct.size() < count) {
      distinct.add(draw.get());
    }
    return List.copyOf(distinct);
  }

  /** A decimal number of that many digits, the first not 0. */
  static String digits(UniformRandomProvider random, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Integer.toString(i == 0 ? random.nextInt(1, 10) : random.nextInt(10)))
        .collect(Collectors.joining());
  }

  /** Letters between two, both included. */
  static String letters(UniformRandomProvider random, int count, char first, char last) {
    return IntStream.range(0, count)
        .mapToObj(i -> Character.toString(random.nextInt(first, last + 1)))
        .collect(Collectors.joining());
  }

  /** A random UUID, version 4. */
  static String uuid(UniformRandomProvider random) {
    long high = random.nextLong() & ~0xF000L | 0x4000L;
    long low = random.nextLong() & ~(3L << 62) | 1L << 63;
    return new UUID(high, low).toString();
  }
}
