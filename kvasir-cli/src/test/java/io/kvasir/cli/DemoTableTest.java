package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.cli.demo.DemoResults;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class DemoTableTest {
  @Test
  void jsonHoldsWhatWasMeasuredAndNoPictures() {
    Map<String, Object> json = Json.object(Json.line(DemoResults.TWO));
    assertThat(json).containsOnlyKeys("setup", "document", "read_seconds", "ask_seconds", "plans");
    assertThat(json.get("plans"))
        .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
        .allSatisfy(plan -> assertThat(plan.keySet().toString()).doesNotContain("kept"))
        .hasSize(2);
  }

  @Test
  void costsAndAnswersStandSideBySide() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DemoTable.print(DemoResults.TWO, new PrintStream(out, true, UTF_8));
    assertThat(out.toString(UTF_8))
        .startsWith(
            """
            plain: 100 tokens with 1 facts in them, read once in 12.5 s by plain
            (prefill exact, precision fast, 2 threads)

            plan           KV B/token    total    TTFT  tok/s   top-1  mean KL  facts
            f16 (full)         20,000  2.00 MB  123 ms   56.7  75.0 %   0.0000    1/1
            h2o(keep=10%)       2,000   200 kB  123 ms   56.7  75.0 %   1.5000    0/1

            answers        4711
            f16 (full)     4711
            h2o(keep=10%)     -

            """);
  }
}
