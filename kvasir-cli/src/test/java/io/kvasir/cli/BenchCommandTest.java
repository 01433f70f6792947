package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.kvasir.engine.Models;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command bench on a real model; its formats are tested in BenchReportTest. */
@Tag("model")
@Tag("slow")
class BenchCommandTest {
  private static final KvasirProcess KVASIR = new KvasirProcess(Map.of());

  private String model;

  @BeforeEach
  void findTheModel() {
    model = Models.require("smollm2-135m-instruct").toString();
  }

  @Test
  void measuresEachTestWithEachPlan() {
    KvasirProcess.Ran ran =
        bench("-p 16 -n 2 -pg 64,1 -d 0,64 -r 2 --no-warmup -o jsonl --kv f16 --kv q8");
    assertThat(ran.exit()).as(ran.err()).isZero();
    List<Map<String, Object>> rows = ran.out().lines().map(Json::object).toList();
    assertThat(rows)
        .extracting(r -> r.get("kv") + " " + r.get("n_prompt") + " " + r.get("n_gen"))
        .containsExactly(
            "f16 16 0",
            "f16 0 2",
            "f16 64 1",
            "f16 16 0",
            "f16 0 2",
            "f16 64 1",
            "q8 16 0",
            "q8 0 2",
            "q8 64 1",
            "q8 16 0",
            "q8 0 2",
            "q8 64 1");
    assertThat(rows).extracting(r -> r.get("n_depth")).startsWith(0L, 0L, 0L, 64L, 64L, 64L);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.get("avg_ts"))
                  .isInstanceOfSatisfying(Double.class, ts -> assertThat(ts).isPositive());
              assertThat(row).extractingByKey("samples_ns", LIST).hasSize(2);
              assertThat(row).containsEntry("model_n_params", 134515008L);
              assertThat(row).containsEntry("model_type", "llama 135M Q4_1");
            });
    // 65 tokens take two pages of 64 slots, 129 tokens three
    assertThat(rows.get(2)).containsEntry("kv_bytes", 2L * 64 * 23040);
    assertThat(rows.get(5)).containsEntry("kv_bytes", 3L * 64 * 23040);
  }

  @Test
  void warmsUpUntilItIsCompiled() {
    long start = System.nanoTime();
    KvasirProcess.Ran ran = bench("-p 0 -n 1 -r 1 --json");
    assertThat(ran.out()).startsWith("[\n  {\"build_commit\":").endsWith("}\n]\n");
    assertThat(System.nanoTime() - start).as("two quiet rounds").isGreaterThan(1_000_000_000L);
  }

  @Test
  void wrongInputIsNamedBeforeAnythingRuns() {
    assertThat(bench("-p 8000 -n 0 -d 1000").err())
        .contains(
            "kvasir: test pp8000 @ d1000 needs 9000 tokens, the context of smollm2-135m-instruct has"
                + " 8192");
    assertThat(bench("-pg 512").err())
        .contains("\"512\" is no pair of prompt and generated tokens, such as 512,64");
    assertThat(bench("-r 0").err()).contains("kvasir: repetitions=0 must be at least 1");
    assertThat(bench("-o sql").exit()).isEqualTo(2);
  }

  private KvasirProcess.Ran bench(String arguments) {
    return KVASIR.run(("bench -m " + model + " " + arguments).split(" "));
  }
}
