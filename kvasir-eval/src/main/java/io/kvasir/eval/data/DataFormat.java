package io.kvasir.eval.data;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The formats of data files: JSON Lines, told apart by the fields that only they have. */
public enum DataFormat {
  /** Bai et al. 2023, arXiv:2308.14508. */
  LONGBENCH(new LongBenchLines(), "context", "input", "answers"),
  /** Bai et al. 2024, arXiv:2412.15204. */
  LONGBENCH_V2(new LongBenchChoices(), "context", "question", "choice_A", "choice_D", "answer"),
  /** Li et al. 2024, arXiv:2412.10319. */
  SCBENCH(new SharedContexts(), "context", "multi_turns"),
  /** RULER as KVPress reads it (NVIDIA/kvpress, evaluation). */
  KVPRESS(new KvPressLines(), "context", "question", "answer_prefix", "answer"),
  /** RULER as its own scripts write it: Hsieh et al. 2024, arXiv:2404.06654. */
  RULER(new RulerLines(), "input", "outputs");

  private final LineReader reader;
  private final List<String> fields;

  DataFormat(LineReader reader, String... fields) {
    this.reader = reader;
    this.fields = List.of(fields);
  }

  /**
   * @throws InputException when no format has that name
   */
  public static DataFormat parse(String name) {
    List<String> names = Arrays.stream(values()).map(DataFormat::toString).toList();
    int at = names.indexOf(name);
    if (at < 0) {
      List<String> near = Nearest.to(name, names);
      throw new InputException(
          "unknown format %s%s; known: %s"
              .formatted(
                  Quote.of(name),
                  near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                  String.join(", ", names)));
    }
    return values()[at];
  }

  /** The format whose fields a line has. */
  static DataFormat of(JsonLine line) {
    return Arrays.stream(values())
        .filter(format -> format.fields.stream().allMatch(line::has))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "%s: no known format has the fields %s; expected one of %s, or --format"
                        .formatted(
                            line.place(),
                            Quote.bare(String.join(", ", line.fields())),
                            String.join(
                                "; ",
                                Arrays.stream(values()).map(f -> f + " " + f.fields).toList()))));
  }

  LineReader reader() {
    return reader;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
