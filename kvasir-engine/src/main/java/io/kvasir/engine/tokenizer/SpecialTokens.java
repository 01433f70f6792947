package io.kvasir.engine.tokenizer;

import io.kvasir.engine.ModelFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the tokens that stand in a text as a whole: user-defined ones always, control ones on
 * request. The longest token has the first choice in the whole text, then the next longest, each
 * from left to right, as in llama.cpp. A trie and a heap of candidates give that order in one pass
 * over the text; all texts of all tokens at every place would cost their product.
 */
final class SpecialTokens {
  /**
   * A trie is walked at every byte of a text, so its depth is bounded; real tokens stay below 100.
   */
  private static final int MAX_LENGTH = 1024;

  private static final int ROOT = 0;

  private final Vocabulary vocabulary;
  private final int[] byRank; // tokens, the longest first
  private final LongIntMap children; // node << 8 | byte -> node
  private final int[] rankAt; // by node: the token that ends there, or NONE
  private final BitSet toControl = new BitSet(); // nodes from which a control token is reached
  private final boolean[] firstBytes = new boolean[256];

  /**
   * @throws ModelFormatException a special token is too long or not UTF-8
   */
  SpecialTokens(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    List<Integer> ids = new ArrayList<>();
    int bytes = 0;
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.type(id).isSpecial() && vocabulary.length(id) > 0) {
        check(id);
        ids.add(id);
        bytes += vocabulary.length(id);
      }
    }
    ids.sort(Comparator.comparingInt(vocabulary::length).reversed()); // stable: then by id
    byRank = ids.stream().mapToInt(Integer::intValue).toArray();
    children = new LongIntMap(bytes);
    rankAt = new int[bytes + 1];
    Arrays.fill(rankAt, Vocabulary.NONE);
    int nodes = 1;
    for (int rank = 0; rank < byRank.length; rank++) {
      byte[] text = vocabulary.text(byRank[rank]);
      boolean control = vocabulary.type(byRank[rank]).isControl();
      firstBytes[text[0] & 0xff] = true;
      int node = ROOT;
      for (byte b : text) {
        if (children.putIfAbsent(edge(node, b), nodes)) {
          nodes++;
        }
        node = children.get(edge(node, b));
        toControl.set(node, control || toControl.get(node));
      }
      rankAt[node] = rank;
    }
  }

  private void check(int id) {
    byte[] text = vocabulary.text(id);
    if (text.length > MAX_LENGTH) {
      throw new ModelFormatException(
          "%s[%d] is a special token of %d bytes, expected at most %d"
              .formatted(Vocabulary.TOKENS, id, text.length, MAX_LENGTH));
    }
    if (!Utf8.isWellFormed(text, 0, text.length)) {
      throw new ModelFormatException(
          "%s[%d] is the special token %s, expected UTF-8"
              .formatted(Vocabulary.TOKENS, id, vocabulary.quoted(id)));
    }
  }

  /** Receives what a text consists of, from left to right. */
  interface Parts {
    /** Ordinary text, {@code text[from .. to)}, not empty. */
    void text(int from, int to);

    void token(int id);
  }

  void split(byte[] text, boolean parseControl, Parts parts) {
    int at = 0;
    for (long found : find(text, parseControl)) {
      int start = (int) (found >>> 32);
      int id = (int) found;
      if (at < start) {
        parts.text(at, start);
      }
      parts.token(id);
      at = start + vocabulary.length(id);
    }
    if (at < text.length) {
      parts.text(at, text.length);
    }
  }

  /** Where a control token begins, whole or cut off by the end of the text. */
  BitSet controlStarts(byte[] text) {
    BitSet starts = new BitSet();
    for (int at = 0; at < text.length; at++) {
      if (beginsControl(text, at)) {
        starts.set(at);
      }
    }
    return starts;
  }

  private boolean beginsControl(byte[] text, int at) {
    int node = ROOT;
    for (int i = at; i < text.length; i++) {
      node = children.get(edge(node, text[i]));
      if (node == LongIntMap.ABSENT || !toControl.get(node)) {
        return false;
      }
      int rank = rankAt[node];
      if (rank != Vocabulary.NONE && vocabulary.type(byRank[rank]).isControl()) {
        return true;
      }
    }
    return true;
  }

  /** The tokens found, as {@code start << 32 | id}, by start. */
  private long[] find(byte[] text, boolean parseControl) {
    LongHeap candidates = new LongHeap(); // rank << 32 | start: of every start the longest
    for (int at = 0; at < text.length; at++) {
      offer(candidates, text, at, text.length, parseControl);
    }
    BitSet taken = new BitSet();
    long[] found = new long[8];
    int count = 0;
    while (!candidates.isEmpty()) {
      long candidate = candidates.pop();
      int start = (int) candidate;
      int id = byRank[(int) (candidate >>> 32)];
      int end = start + vocabulary.length(id);
      int next = taken.nextSetBit(start);
      if (next < 0 || next >= end) {
        taken.set(start, end);
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
        }
        found[count++] = (long) start << 32 | id;
      } else if (next > start) {
        offer(candidates, text, start, next, parseControl); // a shorter one may fit
      }
    }
    found = Arrays.copyOf(found, count);
    Arrays.sort(found);
    return found;
  }

  /** Pushes the longest token that begins at {@code at} and ends at {@code to} or before. */
  private void offer(LongHeap candidates, byte[] text, int at, int to, boolean parseControl) {
    if (!firstBytes[text[at] & 0xff]) {
      return;
    }
    int longest = Vocabulary.NONE;
    int node = ROOT;
    for (int i = at; i < to; i++) {
      node = children.get(edge(node, text[i]));
      if (node == LongIntMap.ABSENT) {
        break;
      }
      int rank = rankAt[node];
      if (rank != Vocabulary.NONE && (parseControl || !vocabulary.type(byRank[rank]).isControl())) {
        longest = rank;
      }
    }
    if (longest != Vocabulary.NONE) {
      candidates.push((long) longest << 32 | at);
    }
  }

  private static long edge(int node, byte b) {
    return (long) node << 8 | (b & 0xff);
  }
}
