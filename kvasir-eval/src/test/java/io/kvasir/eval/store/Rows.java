package io.kvasir.eval.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Rows for tests: every type of column, with and without a value. */
final class Rows {
  static final RunRow RUN =
      new RunRow(
          "r1",
          Instant.parse("2026-11-26T04:40:00.123456Z"),
          "running",
          "abc1234",
          true,
          "kvasir eval --model m.gguf",
          -7,
          "{\"tasks\": [\"kv\"]}");
  static final PlanRow PLAN =
      new PlanRow("p1", "snapkv(keep=25%)", "snap", "scorer snapkv", Optional.of("small"));

  private Rows() {}

  static List<Row> oneOfEach() {
    return List.of(
        RUN,
        new EnvRow(
            "r1", "Linux", "cpu", 2, 1L << 34, "25", "-Xmx2g", "512 bit", "none", 2, 1.5, 57, 0.25),
        new ModelRow("m1", "smol", "llama", "Q4_1, Q8_0", 30, 9, 3, 64, 2048),
        PLAN,
        item(0, 0),
        answer(0, 0, 0.1),
        divergence(0, 0),
        kept(0, 0),
        fate(0, 0),
        new CostRow("r1", "m1", "p1", 4096, 0, 1L << 40, 0, 12, 1.5, 0.5, 100, Math.PI),
        new PartRow("r1", "m1", "p1", 4096, "codes", 1L << 39),
        new SummaryRow(
            "r1",
            "m1",
            "p1",
            "kv",
            4096,
            "blind",
            "exact",
            "score",
            8,
            0.1,
            OptionalDouble.of(0.3),
            OptionalDouble.of(-0.2),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(1),
            OptionalDouble.empty(),
            false),
        new ClaimRow(
            "r1",
            "c1",
            "sha",
            "m1",
            4096,
            OptionalDouble.of(1),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            8,
            "not testable here",
            "f16 fails"));
  }

  static Cell.Key key(String plan) {
    return new Cell.Key("abc1234", "m1", plan, "blind", "exact");
  }

  /** A context with so many questions, each answered and measured. */
  static Cell cell(int context, int questions) {
    return new Cell(
        key("p1"),
        IntStream.range(0, questions).mapToObj(q -> item(context, q)).toList(),
        IntStream.range(0, questions).mapToObj(q -> answer(context, q, 0.5)).toList(),
        IntStream.range(0, questions).mapToObj(q -> divergence(context, q)).toList(),
        List.of(kept(context, 0)),
        IntStream.range(0, questions).mapToObj(q -> fate(context, q)).toList());
  }

  static String sha(int context, int question) {
    return "i%06d-%d".formatted(context, question);
  }

  static ItemRow item(int context, int question) {
    return new ItemRow(
        sha(context, question),
        "kv",
        1,
        "",
        4096,
        1,
        context,
        question,
        question == 0 ? OptionalDouble.empty() : OptionalDouble.of(0.5),
        4000,
        40,
        List.of("a, \"b\"", "c'd]\n\u00e9"));
  }

  static AnswerRow answer(int context, int question, double score) {
    return new AnswerRow(
        "abc1234",
        "m1",
        "p1",
        sha(context, question),
        "blind",
        "exact",
        "said \u0000 \"so\"\n",
        OptionalDouble.of(score),
        OptionalDouble.of(-1.5),
        Optional.of(false),
        OptionalInt.of(-1),
        OptionalDouble.of(0.75),
        Optional.empty());
  }

  static AnswerRow failed(int context, int question) {
    return new AnswerRow(
        "abc1234",
        "m1",
        "p1",
        sha(context, question),
        "blind",
        "exact",
        "",
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        Optional.of("out of memory"));
  }

  static DivergenceRow divergence(int context, int question) {
    return new DivergenceRow(
        "abc1234",
        "m1",
        "p1",
        sha(context, question),
        "blind",
        "exact",
        0,
        true,
        256,
        2.5,
        2.25,
        0.1,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        0.5);
  }

  static KeptRow kept(int context, int question) {
    return new KeptRow(
        "abc1234",
        "m1",
        "p1",
        sha(context, question),
        "blind",
        "exact",
        4000,
        List.of(1000, 4000),
        List.of(0, 3968));
  }

  static FateRow fate(int context, int question) {
    return new FateRow(
        "abc1234", "m1", "p1", sha(context, question), "blind", "exact", 3, 0.25, 0.5, 0.25);
  }
}
