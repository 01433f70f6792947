package io.kvasir.eval.data;

import io.kvasir.eval.task.Metric;
import java.util.List;

/**
 * RULER as KVPress reads it: {@code context}, {@code question}, {@code answer_prefix}, {@code
 * answer}, maybe {@code task} and {@code max_new_tokens}. Whatever is wanted must all be found; of
 * the answers to RULER's two question sets, {@code qa_1} and {@code qa_2}, one.
 *
 * <p>Source: NVIDIA/kvpress, evaluation/benchmarks/ruler.
 */
final class KvPressLines implements LineReader {
  private static final int ANSWER_TOKENS = 128;

  @Override
  public Document read(JsonLine line, Setting setting) {
    String task = line.stringIfAny("task").orElse(setting.name());
    return new Document(
        line.place(),
        "ruler:" + task,
        line.string("context"),
        List.of(
            Asked.question(
                line.string("question"),
                line.string("answer_prefix"),
                line.texts("answer"),
                line.countIfAny("max_new_tokens").orElse(ANSWER_TOKENS),
                metric(task))),
        false);
  }

  static Metric metric(String task) {
    return task.startsWith("qa") ? Metric.ANY_FOUND : Metric.SHARE_FOUND;
  }
}
