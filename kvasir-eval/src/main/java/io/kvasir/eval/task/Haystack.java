package io.kvasir.eval.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * Sentences without end, between which evidence is hidden.
 *
 * @param sentence the i-th, for any i from 0
 * @param joint what stands between two
 */
record Haystack(IntFunction<String> sentence, String joint) {
  private static final List<String> NOISE =
      List.of(
          "The rain has stopped.",
          "A cart rolls down the lane.",
          "Bread is baked in the morning.",
          "The river is slow today.",
          "Somebody closes a window.");

  /** Five plain sentences, over and over. */
  static Haystack noise() {
    return new Haystack(i -> NOISE.get(i % NOISE.size()), " ");
  }

  /**
   * The sentences of a corpus from some point on, and from its beginning when it ends.
   *
   * @param start in [0, 1)
   */
  static Haystack prose(Corpus corpus, double start) {
    List<String> sentences = corpus.sentences();
    int first = (int) (start * sentences.size());
    return new Haystack(i -> sentences.get((first + i) % sentences.size()), " ");
  }

  /**
   * The first sentences with evidence between them.
   *
   * @param evidence in any order
   */
  String text(int sentences, List<Evidence> evidence) {
    List<Evidence> inOrder =
        evidence.stream().sorted(Comparator.comparingDouble(Evidence::depth)).toList();
    List<String> parts = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < sentences; i++) {
      while (next < inOrder.size() && (int) (inOrder.get(next).depth() * sentences) <= i) {
        parts.add(inOrder.get(next++).sentence());
      }
      parts.add(sentence.apply(i));
    }
    inOrder.stream().skip(next).map(Evidence::sentence).forEach(parts::add);
    return String.join(joint, parts);
  }

  /** Words of the sentences from one on, each with a space before it. */
  String words(int from, int count) {
    StringBuilder words = new StringBuilder();
    int left = count;
    for (int i = from; left > 0; i++) {
      for (String word : sentence.apply(i).split(" ")) {
        if (left-- > 0) {
          words.append(' ').append(word);
        }
      }
    }
    return words.toString();
  }

  /** The mean depth of sentences in a context, counted in characters. */
  static OptionalDouble depth(String context, List<String> sentences) {
    return sentences.stream()
        .mapToInt(context::indexOf)
        .filter(at -> at >= 0)
        .mapToDouble(at -> (double) at / context.length())
        .average();
  }
}
