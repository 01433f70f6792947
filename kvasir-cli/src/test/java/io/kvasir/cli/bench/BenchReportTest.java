package io.kvasir.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvasir.kernel.probe.MachineLimits;
import io.kvasir.kv.KvPlan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BenchReportTest {
  /** What the CSV line says of the build and the machine of this test. */
  private static final String HERE = "(?m)(?<=^)\"[^\"]+\",\"[^\"]+\",\"[^\"]+\",(?=\"CPU\")";

  private static final MachineLimits LIMITS =
      new MachineLimits(
          2, new TreeMap<>(Map.of(1L, 9e9, 256L, 20e9)), 200e9, 400e9, Optional.of(300e9));
  private static final BenchSubject SUBJECT =
      new BenchSubject(
          LIMITS,
          Path.of("/m.gguf"),
          "llama 135M Q4_1",
          96_576_768,
          134_515_008,
          "5ca1ab1e",
          100_000_000,
          "fast",
          "bf16+int8");

  @Test
  void speedsAreMeansAndSampleDeviationsOfTheRuns() {
    BenchResult result = result("f16", List.of(1_000_000_000L, 500_000_000L));
    assertThat(result.speeds()).containsExactly(64.0, 128.0);
    assertThat(BenchResult.mean(result.speeds())).isEqualTo(96);
    assertThat(BenchResult.deviation(result.speeds())).isCloseTo(45.2548, within(1e-4));
    assertThat(BenchResult.deviation(List.of(3))).isZero();
  }

  @Test
  void markdownHasLlamaBenchsColumnsAndOurs() {
    assertThat(printed(BenchReport.Format.MD, "f16", "knorm(keep=25%) | q8"))
        .isEqualTo(
            """
            | model                          |       size |     params | backend    | threads | kv                    |            test |                  t/s | of limit | KV B/token |      RSS |
            | ------------------------------ | ---------: | ---------: | ---------- | ------: | --------------------- | --------------: | -------------------: | -------: | ---------: | -------: |
            | llama 135M Q4_1                |  92.10 MiB |   134.52 M | CPU        |       2 | f16                   |    tg64 @ d4096 |        96.00 ± 45.25 |     48 % |      23040 |   300 MB |
            | llama 135M Q4_1                |  92.10 MiB |   134.52 M | CPU        |       2 | knorm(keep=25%) \\| q8 |    tg64 @ d4096 |        96.00 ± 45.25 |     48 % |      23040 |   300 MB |
            """);
  }

  @Test
  void csvQuotesEveryValueUnderLlamaBenchsNames() {
    String csv = printed(BenchReport.Format.CSV, "f16");
    assertThat(csv).startsWith("build_commit,cpu_info,machine,backends,");
    assertThat(csv.replaceFirst("^build_commit,cpu_info,machine,", "").replaceFirst(HERE, ""))
        .isEqualTo(
            """
            backends,model_filename,model_type,model_size,model_n_params,model_fingerprint,weight_bytes,n_threads,prefill,precision,products,kv,n_prompt,n_gen,n_depth,pl,test_time,avg_ns,stddev_ns,avg_ts,stddev_ts,limit_ts,limit_share,limit_read_bytes_per_second,limit_f32_flops,limit_int8_ops,limit_bf16_flops,prompt_operations,step_operations,step_bytes,fill_ns,kv_bytes,kv_bytes_per_token,rss_bytes
            "CPU","/m.gguf","llama 135M Q4_1","96576768","134515008","5ca1ab1e","100000000","2","exact","fast","bf16+int8","f16","0","64","4096","1","2026-01-31T09:30:00Z","750000000","353553391","96.0","45.254834","200.0","0.48","20000000000","200000000000","400000000000","300000000000","0","1000000000","6400000000","2000000000","95846400","23040.0","300000000"
            """);
  }

  @Test
  void jsonIsOneArrayAndJsonlOneObjectALine() {
    assertThat(printed(BenchReport.Format.JSON, "f16", "q8")).isEqualTo("[\n  {f16},\n  {q8}\n]\n");
    assertThat(printed(BenchReport.Format.JSONL, "f16", "q8")).isEqualTo("{f16}\n{q8}\n");
    assertThat(printed(BenchReport.Format.JSON)).isEqualTo("[]\n");
  }

  private static String printed(BenchReport.Format format, String... plans) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (BenchReport report =
        new BenchReport(
            format,
            new PrintStream(bytes, true, UTF_8),
            fields -> "{" + fields.toString().replaceFirst(".* kv=([a-z0-9]+),.*", "$1") + "}",
            Stream.of(plans).map(KvPlan::parse).toList())) {
      for (String plan : plans) {
        report.add(SUBJECT, result(plan, List.of(1_000_000_000L, 500_000_000L)));
      }
    }
    return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }

  private static BenchResult result(String plan, List<Long> nanos) {
    return new BenchResult(
        new BenchCase(0, 64, 4096, 1),
        KvPlan.parse(plan),
        Instant.parse("2026-01-31T09:30:00Z"),
        nanos,
        4160 * 23040,
        23040,
        Optional.of(300_000_000L),
        2_000_000_000,
        new Work(0, 1e9, 6.4e9, 300e9, 400e9, 20e9));
  }
}
