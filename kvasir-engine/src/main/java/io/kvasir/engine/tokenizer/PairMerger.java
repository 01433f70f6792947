package io.kvasir.engine.tokenizer;

import java.util.Arrays;

/**
 * Joins neighbouring symbols, always the best pair of all first and the leftmost of equals, until
 * no pair can be joined: the inner loop of both BPE kinds (Sennrich et al. 2016, arXiv:1508.07909).
 * A heap of pairs makes it n log n; a pair that a later join has broken stays in the heap and is
 * skipped.
 *
 * <p>Reused for word after word; not thread-safe.
 */
final class PairMerger {
  static final long NO_JOIN = -1;

  /** Decides which pairs may be joined. */
  @FunctionalInterface
  interface Joins {
    /**
     * The join of the tokens {@code left} and {@code right}, which are {@code text[from .. to)}
     * together: {@code (long) priority << 32 | token}, smaller priorities first, or {@link
     * #NO_JOIN}.
     */
    long join(byte[] text, int from, int to, int left, int right);
  }

  private final Joins joins;
  private final LongHeap heap = new LongHeap(); // priority << 32 | left symbol

  private int count;
  private int textEnd;
  private int[] starts = new int[64]; // symbol s begins at byte starts[s]
  private int[] tokens = new int[64];
  private int[] previous = new int[64];
  private int[] next = new int[64]; // count ends the list
  private long[] pending = new long[64]; // the join of s and next[s]

  PairMerger(Joins joins) {
    this.joins = joins;
  }

  /** Forgets the last word; the next one ends at byte {@code to}. */
  void begin(int to) {
    count = 0;
    textEnd = to;
  }

  /** Adds the next symbol, which begins at byte {@code start}, as a token or {@code NONE}. */
  void add(int start, int token) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      tokens = Arrays.copyOf(tokens, count * 2);
      previous = Arrays.copyOf(previous, count * 2);
      next = Arrays.copyOf(next, count * 2);
      pending = Arrays.copyOf(pending, count * 2);
    }
    starts[count] = start;
    tokens[count] = token;
    previous[count] = count - 1;
    next[count] = count + 1;
    count++;
  }

  /** Joins all it can. Then the symbols are {@code 0, next(0), ...} up to {@link #end}. */
  void merge(byte[] text) {
    for (int s = 0; s < count; s++) {
      consider(text, s);
    }
    while (!heap.isEmpty()) {
      long best = heap.pop();
      int left = (int) best;
      if (pending[left] >> 32 != best >> 32) {
        continue; // one of the two has been joined with another since
      }
      int right = next[left];
      tokens[left] = (int) pending[left];
      next[left] = next[right];
      if (next[left] < count) {
        previous[next[left]] = left;
      }
      pending[right] = NO_JOIN;
      consider(text, left);
      if (left > 0) {
        consider(text, previous[left]);
      }
    }
  }

  int end() {
    return count;
  }

  int next(int symbol) {
    return next[symbol];
  }

  int token(int symbol) {
    return tokens[symbol];
  }

  int start(int symbol) {
    return starts[symbol];
  }

  /** The byte behind a symbol. */
  int stop(int symbol) {
    return next[symbol] < count ? starts[next[symbol]] : textEnd;
  }

  private void consider(byte[] text, int left) {
    int right = next[left];
    if (right >= count) {
      pending[left] = NO_JOIN;
      return;
    }
    pending[left] = joins.join(text, starts[left], stop(right), tokens[left], tokens[right]);
    if (pending[left] != NO_JOIN) {
      heap.push(pending[left] >> 32 << 32 | left);
    }
  }
}
