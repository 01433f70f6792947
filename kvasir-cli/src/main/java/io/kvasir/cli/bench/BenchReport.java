package io.kvasir.cli.bench;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Prints results as they come, in a format of llama-bench. JSON and CSV use its field names where
 * it has the field; the others are ours (docs/commands.md lists them).
 */
public final class BenchReport implements AutoCloseable {
  /** The formats. */
  public enum Format {
    MD,
    JSON,
    JSONL,
    CSV
  }

  private final Format format;
  private final PrintStream out;
  private final Function<Object, String> json;
  private final MarkdownRows rows;
  private int printed;

  /**
   * @param json writes a value as JSON in one line
   * @param plans that will come
   */
  public BenchReport(
      Format format, PrintStream out, Function<Object, String> json, List<KvPlan> plans) {
    this.format = format;
    this.out = out;
    this.json = json;
    this.rows = new MarkdownRows(plans);
  }

  /** Prints one result. */
  public void add(BenchSubject subject, BenchResult result) {
    Map<String, Object> fields = fields(subject, result);
    switch (format) {
      case MD -> {
        if (printed == 0) {
          out.print(rows.header());
        }
        out.println(rows.row(subject, result));
      }
      case JSON -> out.print((printed == 0 ? "[\n  " : ",\n  ") + json.apply(fields));
      case JSONL -> out.println(json.apply(fields));
      case CSV -> {
        fields.remove("samples_ns");
        fields.remove("samples_ts");
        if (printed == 0) {
          out.println(String.join(",", fields.keySet()));
        }
        out.println(
            fields.values().stream().map(BenchReport::quoted).collect(Collectors.joining(",")));
      }
    }
    out.flush();
    printed++;
  }

  /** Ends the report. */
  @Override
  public void close() {
    if (format == Format.JSON) {
      out.println(printed == 0 ? "[]" : "\n]");
    }
  }

  private static Map<String, Object> fields(BenchSubject subject, BenchResult result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("build_commit", Build.commit());
    fields.put("cpu_info", Machine.processor());
    fields.put("machine", Machine.describe());
    fields.put("backends", "CPU");
    fields.put("model_filename", subject.file().toString());
    fields.put("model_type", subject.type());
    fields.put("model_size", subject.bytes());
    fields.put("model_n_params", subject.parameters());
    fields.put("model_fingerprint", subject.fingerprint());
    fields.put("weight_bytes", subject.weightBytes());
    fields.put("n_threads", subject.limits().threads());
    fields.put("prefill", PrefillMode.EXACT.toString());
    fields.put("precision", subject.precision());
    fields.put("products", subject.products());
    fields.put("kv", result.plan().toString());
    fields.put("n_prompt", result.test().prompt());
    fields.put("n_gen", result.test().generated());
    fields.put("n_depth", result.test().depth());
    fields.put("pl", result.test().parallel());
    fields.put("test_time", result.time().toString());
    fields.put("avg_ns", Math.round(BenchResult.mean(result.nanos())));
    fields.put("stddev_ns", Math.round(BenchResult.deviation(result.nanos())));
    fields.put("avg_ts", rounded(BenchResult.mean(result.speeds())));
    fields.put("stddev_ts", rounded(BenchResult.deviation(result.speeds())));
    fields.put("limit_ts", rounded(result.limit()));
    fields.put("limit_share", rounded(result.shareOfLimit()));
    fields.put("limit_read_bytes_per_second", Math.round(subject.limits().memory()));
    fields.put("limit_f32_flops", Math.round(subject.limits().f32()));
    fields.put("limit_int8_ops", Math.round(subject.limits().int8()));
    fields.put("limit_bf16_flops", subject.limits().bf16().map(Math::round));
    fields.put("prompt_operations", Math.round(result.work().promptOperations()));
    fields.put("step_operations", Math.round(result.work().stepOperations()));
    fields.put("step_bytes", Math.round(result.work().stepBytes()));
    fields.put("fill_ns", result.fillNanos());
    fields.put("kv_bytes", result.cacheBytes());
    fields.put("kv_bytes_per_token", rounded(result.bytesPerToken()));
    fields.put("rss_bytes", result.residentBytes());
    fields.put("samples_ns", result.nanos());
    fields.put("samples_ts", result.speeds().stream().map(BenchReport::rounded).toList());
    return fields;
  }

  /** To six decimals, as llama-bench prints. */
  private static double rounded(double value) {
    return Math.round(value * 1e6) / 1e6;
  }

  private static String quoted(Object value) {
    Object plain =
        value instanceof Optional<?> some ? some.map(Object::toString).orElse("") : value;
    return '"' + plain.toString().replace("\"", "\"\"") + '"';
  }
}
