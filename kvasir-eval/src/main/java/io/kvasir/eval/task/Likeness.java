package io.kvasir.eval.task;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How alike two texts are: twice the characters in matching blocks over all characters, where the
 * longest block matches first and then, left and right of it, the longest again.
 *
 * <p>Source: Ratcliff and Obershelp 1988, as Python's {@code difflib.SequenceMatcher(None, a, b)}
 * has it, which fuzzywuzzy's {@code ratio} calls: of equal blocks the first wins, and in a second
 * text of 200 characters or more those that make up more than 1 % start no block.
 */
final class Likeness {
  private static final int POPULAR_FROM = 200;

  private final int[] a;
  private final int[] b;
  private final Map<Integer, List<Integer>> places; // in b, ascending

  private Likeness(String first, String second) {
    a = first.codePoints().toArray();
    b = second.codePoints().toArray();
    places =
        IntStream.range(0, b.length)
            .boxed()
            .collect(Collectors.groupingBy(i -> b[i], HashMap::new, Collectors.toList()));
    if (b.length >= POPULAR_FROM) {
      Set<Integer> popular =
          places.entrySet().stream()
              .filter(entry -> entry.getValue().size() > b.length / 100 + 1)
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      places.keySet().removeAll(popular);
    }
  }

  private record Range(int fromA, int toA, int fromB, int toB) {}

  private record Block(int atA, int atB, int size) {}

  /** In [0, 1]; 0 when either text is empty. */
  static double of(String first, String second) {
    return first.isEmpty() || second.isEmpty() ? 0 : new Likeness(first, second).ratio();
  }

  private double ratio() {
    int matched = 0;
    Deque<Range> left = new ArrayDeque<>();
    left.push(new Range(0, a.length, 0, b.length));
    while (!left.isEmpty()) {
      Range range = left.pop();
      Block block = longest(range);
      if (block.size() > 0) {
        matched += block.size();
        left.push(new Range(range.fromA(), block.atA(), range.fromB(), block.atB()));
        left.push(
            new Range(
                block.atA() + block.size(), range.toA(), block.atB() + block.size(), range.toB()));
      }
    }
    return 2.0 * matched / (a.length + b.length);
  }

  private Block longest(Range range) {
    Block best = new Block(range.fromA(), range.fromB(), 0);
    Map<Integer, Integer> before = Map.of(); // length of the block that ends at j in b
    for (int i = range.fromA(); i < range.toA(); i++) {
      Map<Integer, Integer> now = new HashMap<>();
      for (int j : places.getOrDefault(a[i], List.of())) {
        if (j >= range.fromB() && j < range.toB()) {
          int size = before.getOrDefault(j - 1, 0) + 1;
          now.put(j, size);
          if (size > best.size()) {
            best = new Block(i - size + 1, j - size + 1, size);
          }
        }
      }
      before = now;
    }
    return extended(best, range);
  }

  /** Popular characters start no block, but belong to one that they touch. */
  private Block extended(Block block, Range range) {
    int atA = block.atA();
    int atB = block.atB();
    int size = block.size();
    while (atA > range.fromA() && atB > range.fromB() && a[atA - 1] == b[atB - 1]) {
      atA--;
      atB--;
      size++;
    }
    while (atA + size < range.toA() && atB + size < range.toB() && a[atA + size] == b[atB + size]) {
      size++;
    }
    return new Block(atA, atB, size);
  }
}
