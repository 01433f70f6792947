package io.kvasir.eval.data;

import io.kvasir.eval.task.Question;
import io.kvasir.kv.Quote;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * RULER as its scripts write it: {@code input}, {@code outputs}, maybe {@code answer_prefix}.
 * Context and question are one text, so it is asked with the question in the compressed prompt,
 * unless a pattern says where the question begins.
 *
 * <p>Source: Hsieh et al. 2024, arXiv:2404.06654; NVIDIA/RULER, scripts/data/synthetic.
 */
final class RulerLines implements LineReader {
  private static final int ANSWER_TOKENS = 128;

  @Override
  public Document read(JsonLine line, Setting setting) {
    String input = line.string("input");
    int split =
        setting.splitAt().map(pattern -> split(line, pattern, input)).orElse(input.length());
    Question question =
        Asked.question(
            input.substring(split),
            line.stringIfAny("answer_prefix").orElse(""),
            line.texts("outputs"),
            ANSWER_TOKENS,
            KvPressLines.metric(setting.name()));
    return new Document(
        line.place(),
        "ruler:" + setting.name(),
        input.substring(0, split),
        List.of(question),
        setting.splitAt().isEmpty());
  }

  /** Where the last match begins: what is asked stands at the end. */
  private static int split(JsonLine line, Pattern pattern, String input) {
    Matcher matcher = pattern.matcher(input);
    int last = -1;
    while (matcher.find()) {
      last = matcher.start();
    }
    if (last < 1) {
      throw line.refused(
          "input",
          "has no question at %s; expected a pattern that finds its beginning"
              .formatted(Quote.of(pattern.pattern())));
    }
    return last;
  }
}
