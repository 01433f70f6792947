package io.kvasir.eval.data;

import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import io.kvasir.kv.Quote;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * SCBench: {@code context} and {@code multi_turns}, each with {@code input}, {@code answer}, maybe
 * {@code options}. Several questions share a context, which is what a compressed cache is for.
 *
 * <p>Source: Li et al. 2024, arXiv:2412.10319; microsoft/MInference, scbench/compute_scores.py.
 *
 * <p>Differs: answers are looked for in any case; summaries are scored by LongBench's ROUGE-L,
 * where the authors take that of another package; the letter of a choice is the first that is
 * named.
 */
final class SharedContexts implements LineReader {
  private static final int ANSWER_TOKENS = 150;
  private static final int SUMMARY_TOKENS = 200;
  private static final int CHOICE_TOKENS = 8;
  private static final String LETTERS = "ABCDEFGH";

  @Override
  public Document read(JsonLine line, Setting setting) {
    List<Question> questions =
        line.objects("multi_turns").stream()
            .map(turn -> question(turn, turn.stringIfAny("task").orElse(setting.name())))
            .toList();
    return new Document(
        line.place(), "scbench:" + setting.name(), line.string("context"), questions, false);
  }

  private static Question question(JsonLine turn, String task) {
    List<String> options = turn.textsIfAny("options");
    List<String> gold = turn.texts("answer");
    if (!options.isEmpty()) {
      return choice(turn, options, gold);
    }
    boolean summary = task.contains("summary");
    Metric metric =
        summary ? Metric.ROUGE_L : task.endsWith("vt") ? Metric.SHARE_FOUND : Metric.ANY_FOUND;
    return Asked.question(
        turn.string("input"), "", gold, summary ? SUMMARY_TOKENS : ANSWER_TOKENS, metric);
  }

  private static Question choice(JsonLine turn, List<String> options, List<String> gold) {
    if (options.size() > LETTERS.length()) {
      throw turn.refused(
          "options",
          "has %d of them; expected at most %d".formatted(options.size(), LETTERS.length()));
    }
    List<String> letters =
        IntStream.range(0, options.size()).mapToObj(i -> LETTERS.substring(i, i + 1)).toList();
    String right =
        letters.stream()
            .filter(
                letter ->
                    gold.contains(letter) || gold.contains(options.get(letters.indexOf(letter))))
            .findFirst()
            .orElseThrow(
                () ->
                    turn.refused(
                        "answer",
                        "is %s; expected one of the options, or its letter"
                            .formatted(Quote.of(gold.getFirst()))));
    String listed =
        letters.stream()
            .map(letter -> "(%s) %s".formatted(letter, options.get(letters.indexOf(letter))))
            .collect(Collectors.joining("\n"));
    return Asked.among(
        Asked.question(
            turn.string("input") + "\n" + listed,
            "The right answer is (",
            List.of(right),
            CHOICE_TOKENS,
            Metric.CHOICE),
        letters);
  }
}
