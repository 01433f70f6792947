package io.kvasir.eval.store;

import io.kvasir.eval.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results as EleutherAI's lm-evaluation-harness writes them: {@code results.json} and one {@code
 * samples_TASK.jsonl} for each task and size, so that its readers read ours.
 *
 * <p>Source: lm-evaluation-harness 0.4, {@code loggers/evaluation_tracker.py} and {@code
 * evaluator.py}. Its files know one model: here a folder {@code
 * MODEL/LABEL-SHA-PROTOCOL-PREFILL-BUILD} stands for each cell. Differs: the standard error is over
 * contexts, the unit of all our statistics, not over samples; prompts are not stored, so {@code
 * arguments} is empty and {@code doc} says how the item is made.
 */
final class LmEval {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** An answer with all that it refers to. */
  private record Sample(ModelRow model, PlanRow plan, ItemRow item, AnswerRow answer) {
    String folder() {
      return "%s/%s-%s-%s-%s-%s"
          .formatted(
              safe(model.name()),
              safe(plan.label()),
              plan.planSha().substring(0, Math.min(8, plan.planSha().length())),
              answer.protocol(),
              safe(answer.prefill()),
              safe(answer.build()));
    }

    String task() {
      return "%s_%d".formatted(item.task(), item.ctx());
    }
  }

  private LmEval() {}

  static List<Path> write(Results results, Path folder) throws IOException {
    List<Path> written = new ArrayList<>();
    for (Map.Entry<String, List<Sample>> cell : grouped(samples(results), Sample::folder)) {
      Path into = Files.createDirectories(folder.resolve(cell.getKey()));
      written.add(publish(into.resolve("results.json"), summary(cell.getValue())));
      for (Map.Entry<String, List<Sample>> task : grouped(cell.getValue(), Sample::task)) {
        Path file = into.resolve("samples_%s.jsonl".formatted(safe(task.getKey())));
        written.add(publish(file, lines(task.getValue())));
      }
    }
    return written;
  }

  /** Scored answers, by task, size, context and question. */
  private static List<Sample> samples(Results results) {
    Map<String, ModelRow> models = by(results.rows(ModelRow.class), ModelRow::modelSha);
    Map<String, PlanRow> plans = by(results.rows(PlanRow.class), PlanRow::planSha);
    Map<String, ItemRow> items = by(results.rows(ItemRow.class), ItemRow::itemSha);
    return results.rows(AnswerRow.class).stream()
        .filter(answer -> answer.score().isPresent())
        .map(
            answer ->
                new Sample(
                    found(models, answer.modelSha()),
                    found(plans, answer.planSha()),
                    found(items, answer.itemSha()),
                    answer))
        .sorted(
            Comparator.comparing(Sample::task)
                .thenComparing(sample -> sample.item().seed())
                .thenComparing(sample -> sample.item().contextNo())
                .thenComparing(sample -> sample.item().questionNo())
                .thenComparing(sample -> sample.item().itemSha()))
        .toList();
  }

  private static <R> Map<String, R> by(List<R> rows, Function<R, String> key) {
    return rows.stream().collect(Collectors.toMap(key, Function.identity()));
  }

  private static <R> R found(Map<String, R> rows, String sha) {
    R row = rows.get(sha);
    if (row == null) {
      throw new IllegalStateException("an answer refers to %s, which is not here".formatted(sha));
    }
    return row;
  }

  private static Collection<Map.Entry<String, List<Sample>>> grouped(
      List<Sample> samples, Function<Sample, String> key) {
    return samples.stream()
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()))
        .entrySet();
  }

  private static String summary(List<Sample> samples) {
    Map<String, Object> results = new LinkedHashMap<>();
    Map<String, Object> configs = new LinkedHashMap<>();
    Map<String, Object> versions = new LinkedHashMap<>();
    Map<String, Object> shots = new LinkedHashMap<>();
    Map<String, Object> better = new LinkedHashMap<>();
    Map<String, Object> counts = new LinkedHashMap<>();
    for (Map.Entry<String, List<Sample>> group : grouped(samples, Sample::task)) {
      String task = group.getKey();
      List<Sample> of = group.getValue();
      results.put(task, scores(task, of));
      configs.put(task, config(task, of.getFirst().item()));
      versions.put(task, of.getFirst().item().version());
      shots.put(task, 0);
      better.put(task, Map.of("score", true));
      counts.put(task, ordered("original", of.size(), "effective", of.size()));
    }
    Sample any = samples.getFirst();
    return MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(
                ordered(
                    "results",
                    results,
                    "group_subtasks",
                    Map.of(),
                    "configs",
                    configs,
                    "versions",
                    versions,
                    "n-shot",
                    shots,
                    "higher_is_better",
                    better,
                    "n-samples",
                    counts,
                    "config",
                    setup(any),
                    "git_hash",
                    any.answer().build(),
                    "model_source",
                    "kvasir",
                    "model_name",
                    any.model().name(),
                    "model_name_sanitized",
                    safe(any.model().name())))
        + "\n";
  }

  private static Map<String, Object> setup(Sample any) {
    return ordered(
        "model", "kvasir",
        "model_args",
            ordered(
                "model_sha", any.model().modelSha(),
                "kv", any.plan().text(),
                "protocol", any.answer().protocol(),
                "prefill", any.answer().prefill()),
        "batch_size", 1,
        "gen_kwargs", Map.of("do_sample", false),
        "random_seed", any.item().seed());
  }

  private static Map<String, Object> config(String task, ItemRow item) {
    return ordered(
        "task",
        task,
        "output_type",
        "generate_until",
        "num_fewshot",
        0,
        "metadata",
        ordered("version", item.version(), "corpus_sha", item.corpusSha()));
  }

  /** Mean over contexts, and its standard error where there are at least two. */
  private static Map<String, Object> scores(String task, List<Sample> samples) {
    double[] contexts =
        samples.stream()
            .collect(
                Collectors.groupingBy(
                    sample -> List.of(sample.item().seed(), sample.item().contextNo()),
                    LinkedHashMap::new,
                    Collectors.averagingDouble(sample -> sample.answer().score().orElseThrow())))
            .values()
            .stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    double mean = Arrays.stream(contexts).average().orElseThrow();
    double squares = Arrays.stream(contexts).map(value -> (value - mean) * (value - mean)).sum();
    int n = contexts.length;
    Object error = n < 2 ? "N/A" : (Object) Math.sqrt(squares / (n - 1) / n);
    return ordered("alias", task, "score,none", mean, "score_stderr,none", error);
  }

  private static String lines(List<Sample> samples) {
    StringBuilder out = new StringBuilder();
    int number = 0;
    for (Sample sample : samples) {
      out.append(MAPPER.writeValueAsString(line(number++, sample))).append('\n');
    }
    return out.toString();
  }

  private static Map<String, Object> line(int number, Sample sample) {
    ItemRow item = sample.item();
    AnswerRow answer = sample.answer();
    String target = String.join("; ", item.gold());
    Map<String, Object> doc =
        ordered(
            "task", item.task(),
            "ctx", item.ctx(),
            "seed", item.seed(),
            "context_no", item.contextNo(),
            "question_no", item.questionNo(),
            "n_ctx", item.nCtx(),
            "gold", item.gold());
    return ordered(
        "doc_id", number,
        "doc", doc,
        "target", target,
        "arguments", Map.of(),
        "resps", List.of(List.of(answer.text())),
        "filtered_resps", List.of(answer.text()),
        "filter", "none",
        "metrics", List.of("score"),
        "doc_hash", item.itemSha(),
        "prompt_hash", item.itemSha(),
        "target_hash", Digest.hex(target),
        "score", answer.score().orElseThrow());
  }

  /** Keys and values in turn; JSON keeps their order. */
  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /**
   * Labels are the user's: nothing in them may lead out of the folder, or be refused by a system.
   */
  private static String safe(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._=-]+", "_").replaceAll("^\\.+", "_");
    return plain.isEmpty() ? "_" : plain.substring(0, Math.min(80, plain.length()));
  }

  private static Path publish(Path file, String text) throws IOException {
    Path part = Export.part(file);
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return file;
  }
}
