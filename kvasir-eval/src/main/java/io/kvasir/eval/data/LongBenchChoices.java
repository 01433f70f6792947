package io.kvasir.eval.data;

import io.kvasir.eval.task.Metric;
import io.kvasir.kv.Quote;
import java.util.List;
import java.util.stream.Collectors;

/**
 * LongBench v2: {@code context}, {@code question}, {@code choice_A} to {@code choice_D}, {@code
 * answer}, a letter.
 *
 * <p>Source: Bai et al. 2024, arXiv:2412.15204; THUDM/LongBench, pred.py.
 *
 * <p>Differs: in our words; the answer's beginning is given, so one letter is all that is written.
 */
final class LongBenchChoices implements LineReader {
  private static final List<String> LETTERS = List.of("A", "B", "C", "D");
  private static final int ANSWER_TOKENS = 8;

  @Override
  public Document read(JsonLine line, Setting setting) {
    String gold = line.string("answer").strip();
    if (!LETTERS.contains(gold)) {
      throw line.refused("answer", "is %s; expected A, B, C or D".formatted(Quote.of(gold)));
    }
    String choices =
        LETTERS.stream()
            .map(letter -> "(%s) %s".formatted(letter, line.string("choice_" + letter).strip()))
            .collect(Collectors.joining("\n"));
    return new Document(
        line.place(),
        "longbench-v2",
        line.string("context").strip(),
        List.of(
            Asked.among(
                Asked.question(
                    "Which answer is right by the text above?\n%s\n%s"
                        .formatted(line.string("question").strip(), choices),
                    "The right answer is (",
                    List.of(gold),
                    ANSWER_TOKENS,
                    Metric.CHOICE),
                LETTERS)),
        false);
  }
}
