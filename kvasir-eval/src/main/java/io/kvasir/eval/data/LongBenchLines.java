package io.kvasir.eval.data;

import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * LongBench v1: {@code context}, {@code input}, {@code answers}, {@code dataset}, {@code
 * all_classes}. Its English datasets with its metrics and answer lengths.
 *
 * <p>Source: Bai et al. 2023, arXiv:2308.14508; THUDM/LongBench, LongBench/eval.py and config.
 *
 * <p>Differs: the instructions are in our words and, as every question here, stand behind the
 * context only; scores compare with published ones as those of another prompt do.
 */
final class LongBenchLines implements LineReader {
  /**
   * A dataset.
   *
   * @param ask instruction; {@code %s} is the line's input
   * @param prefix how the answer begins
   */
  private record Dataset(Metric metric, int answerTokens, String ask, String prefix) {}

  private static final String FEW_WORDS =
      "Answer this question about the text above in as few words as you can.\n%s";
  private static final String PAPER =
      "Answer this question about the article above in as few words as you can: a phrase, a"
          + " sentence, yes or no. If the article does not tell, answer unanswerable.\n%s";
  private static final String PAGE = "Summarise the text above in one page.%s";
  private static final String MEETING =
      "Answer this question about the meeting above in a few sentences.\n%s";
  private static final String ABSTRACT =
      "One of the paragraphs above has this abstract. Which one? Answer as in \"Paragraph 1\".\n%s";
  private static final String DISTINCT =
      "How many different paragraphs are there above, if each that is repeated counts once? Answer"
          + " with a number.%s";
  private static final String NEXT_LINE = "%s";

  private static final Map<String, Dataset> ALL = new LinkedHashMap<>();

  static {
    ALL.put("narrativeqa", new Dataset(Metric.F1, 128, FEW_WORDS, "Answer:"));
    ALL.put("qasper", new Dataset(Metric.F1, 128, PAPER, "Answer:"));
    ALL.put("multifieldqa_en", new Dataset(Metric.F1, 64, FEW_WORDS, "Answer:"));
    ALL.put("hotpotqa", new Dataset(Metric.F1, 32, FEW_WORDS, "Answer:"));
    ALL.put("2wikimqa", new Dataset(Metric.F1, 32, FEW_WORDS, "Answer:"));
    ALL.put("musique", new Dataset(Metric.F1, 32, FEW_WORDS, "Answer:"));
    ALL.put("gov_report", new Dataset(Metric.ROUGE_L, 512, PAGE, "Summary:"));
    ALL.put("qmsum", new Dataset(Metric.ROUGE_L, 512, MEETING, "Answer:"));
    ALL.put("multi_news", new Dataset(Metric.ROUGE_L, 512, PAGE, "Summary:"));
    ALL.put("trec", new Dataset(Metric.CLASSIFICATION, 64, "%s", ""));
    ALL.put("triviaqa", new Dataset(Metric.FIRST_LINE_F1, 32, "%s", ""));
    ALL.put("samsum", new Dataset(Metric.FIRST_LINE_ROUGE_L, 128, "%s", ""));
    ALL.put("passage_count", new Dataset(Metric.COUNT, 32, DISTINCT, "The number is:"));
    ALL.put("passage_retrieval_en", new Dataset(Metric.RETRIEVAL, 32, ABSTRACT, "The answer is:"));
    ALL.put("lcc", new Dataset(Metric.EDIT, 64, NEXT_LINE, "Next line of code:\n"));
    ALL.put("repobench-p", new Dataset(Metric.EDIT, 64, NEXT_LINE, "Next line of code:\n"));
  }

  private static final Set<String> CHINESE =
      Set.of("multifieldqa_zh", "dureader", "vcsum", "lsht", "passage_retrieval_zh");

  private static final Pattern PARAGRAPH = Pattern.compile("Paragraph \\d+");

  @Override
  public Document read(JsonLine line, Setting setting) {
    String name = line.string("dataset");
    Dataset dataset =
        dataset(line, name.endsWith("_e") ? name.substring(0, name.length() - 2) : name);
    List<String> gold = line.texts("answers");
    if (dataset.metric() == Metric.RETRIEVAL) {
      for (String one : gold) {
        if (!PARAGRAPH.matcher(one).find()) {
          throw line.refused(
              "answers", "is %s; expected one such as \"Paragraph 7\"".formatted(Quote.of(one)));
        }
      }
    }
    Question question =
        Asked.question(
            dataset.ask().replace("%s", line.string("input")),
            dataset.prefix(),
            gold,
            dataset.answerTokens(),
            dataset.metric());
    List<String> classes =
        dataset.metric() == Metric.CLASSIFICATION ? line.texts("all_classes") : List.of();
    return new Document(
        line.place(),
        "longbench:" + name,
        line.string("context"),
        List.of(Asked.among(question, classes)),
        false);
  }

  private static Dataset dataset(JsonLine line, String name) {
    Dataset dataset = ALL.get(name);
    if (dataset != null) {
      return dataset;
    }
    if (CHINESE.contains(name)) {
      throw line.refused(
          "dataset", "is %s, which is Chinese; expected an English one".formatted(Quote.of(name)));
    }
    List<String> near = Nearest.to(name, ALL.keySet());
    throw line.refused(
        "dataset",
        "is %s, which is unknown%s; known: %s"
            .formatted(
                Quote.of(name),
                near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                String.join(", ", ALL.keySet())));
  }
}
