package io.kvasir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PerformancePageTest {
  private static final Path ROOT = Path.of(System.getProperty("kvasir.root", ".."));

  @Test
  void thePageIsWhatTheResultsSay() throws Exception {
    String page =
        PerformancePage.fill(
            Files.readString(ROOT.resolve("bench/performance.md")),
            PerformancePage.tables(Result.all(ROOT.resolve("bench/results"))));
    assertThat(Files.readString(ROOT.resolve("docs/performance.md")))
        .as("renew it with bench/page")
        .isEqualTo(page);
  }

  @Test
  void ratiosAreThoseOfTheRounds() {
    List<Result> rounds =
        Stream.of(
                peer(10),
                ours("f16", 20, 1000),
                peer(20),
                ours("f16", 20, 1000),
                peer(10),
                ours("f16", 40, 1000),
                ours("q8", 30, 500),
                ours("q8", 30, 500),
                ours("q8", 60, 500))
            .map(Result::parse)
            .toList();
    PeerTables tables = new PeerTables(rounds);
    assertThat(tables.speeds())
        .endsWith("| m | `tg32 @ d4096` | 10.0 | 20.0 | 2.00 (1.00 to 4.00) | 50 % |");
    assertThat(tables.plans())
        .endsWith("| m | `tg32 @ d4096` | `q8` | 30.0 | 1.50 (1.50 to 1.50) | 2.00 | 0.75 |");
    assertThat(tables.resident())
        .contains("| m | `tg32 @ d4096` | `q8` | 100 MB | 50 MB | 250 MB | 100 MB |");
  }

  @Test
  void aCurveIsAConstantAndAPartThatGrows() {
    List<Result> rows =
        Stream.of(row(1000, 10), row(2000, 5)).map(Result::parse).toList(); // 100 ms, 200 ms
    Growth.Line line = Growth.Line.through(rows, result -> 1000 / result.number("avg_ts"));
    assertThat(line.slope()).isEqualTo(0.1);
    assertThat(line.constant()).isEqualTo(0);
  }

  @Test
  void aTableThatNobodyMakesIsNamed() {
    assertThatThrownBy(() -> PerformancePage.fill("${nothing}", Map.of("speeds", "")))
        .hasMessage("the template has ${nothing}; there are [speeds]");
  }

  private static String peer(double speed) {
    return ("{\"kind\": \"peers\", \"program\": \"llama.cpp\", \"model_filename\": \"/x/m.gguf\","
            + " \"n_prompt\": 0, \"n_gen\": 32, \"n_depth\": 4096, \"avg_ts\": %s}")
        .formatted(speed);
  }

  private static String ours(String plan, double speed, double bytes) {
    return ("{\"kind\": \"peers\", \"program\": \"kvasir\", \"model_filename\": \"/x/m.gguf\","
            + " \"kv\": \"%s\", \"n_prompt\": 0, \"n_gen\": 32, \"n_depth\": 4096, \"pl\": 1,"
            + " \"avg_ts\": %s, \"step_bytes\": %s, \"limit_share\": 0.5, \"weight_bytes\":"
            + " 100000000, \"kv_bytes\": 50000000, \"rss_bytes\": 250000000}")
        .formatted(plan, speed, bytes);
  }

  private static String row(int depth, double speed) {
    return "{\"n_depth\": %d, \"avg_ts\": %s}".formatted(depth, speed);
  }
}
