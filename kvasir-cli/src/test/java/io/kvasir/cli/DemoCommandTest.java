package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.OperatingSystemMXBean;
import io.kvasir.engine.Models;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;

  @Test
  @Tag("model")
  @Tag("slow")
  void theDemoShowsWhatEachPlanSavesAndLoses() throws IOException {
    Path report = folder.resolve("report.html");
    String model = Models.require("smollm2-135m-instruct").toString();
    long before = cpuNanos();
    Cli.Ran ran = Cli.run("demo", "--json", "--model", model, "--report", report.toString());
    Duration used = Duration.ofNanos(cpuNanos() - before);

    assertThat(ran.exit()).isZero();
    List<Map<String, Object>> plans = maps(ran.json().getOrDefault("plans", List.of()));
    Map<String, Object> full = plans.getFirst();
    assertThat(full).containsEntry("agreement", 1.0).containsEntry("mean_kl", 0.0);
    assertThat(number(full, "found")).isGreaterThanOrEqualTo(7);
    assertThat(share(plans, "q8", full)).isCloseTo(0.52, within(0.02));
    assertThat(share(plans, "q4", full)).isCloseTo(0.28, within(0.02));
    assertThat(share(plans, "kivi(bits=2)", full)).isLessThan(0.20);
    assertThat(share(plans, "snapkv(keep=50%)", full)).isCloseTo(0.51, within(0.02));
    assertThat(number(plan(plans, "q8"), "mean_kl")).isBetween(1e-6, 0.01);
    assertThat(number(plan(plans, "q8"), "found")).isEqualTo(number(full, "found"));
    assertThat(Files.readString(report)).startsWith("<!DOCTYPE html>").contains("48213");
    assertThat(ran.json().toString()).contains("fingerprint=", "prefill=exact", "seed=0");
    // Three minutes on two cores, whatever else this machine is doing.
    assertThat(used).isLessThan(Duration.ofMinutes(3).multipliedBy(2));
  }

  @Test
  void whatCannotWorkIsRefusedBeforeAModelIsLoaded() throws IOException {
    String report = folder.resolve("no/report.html").toString();
    assertThat(Cli.run("demo", "--report", report))
        .isEqualTo(
            new Cli.Ran(
                2,
                "",
                "kvasir: cannot write %s: %s is no folder that can be written to%n"
                    .formatted(report, folder.resolve("no"))));
    Path blank = Files.writeString(folder.resolve("blank.txt"), " \n\n");
    assertThat(Cli.run("demo", "--file", blank.toString()))
        .isEqualTo(
            new Cli.Ran(2, "", "kvasir: %s is empty; expected a document%n".formatted(blank)));
    assertThat(Cli.run("demo", "--file", folder.resolve("none.txt").toString()).exit())
        .isEqualTo(2);
    assertThat(Cli.run("demo", "--kv", "q8", "--kv", "snapvk(keep=25%)").err())
        .startsWith("kvasir: unknown method \"snapvk\"")
        .hasLineCount(1);
  }

  private static double share(
      List<Map<String, Object>> plans, String name, Map<String, Object> full) {
    return number(plan(plans, name), "bytes") / number(full, "bytes");
  }

  private static Map<String, Object> plan(List<Map<String, Object>> plans, String name) {
    return plans.stream().filter(plan -> name.equals(plan.get("name"))).findFirst().orElseThrow();
  }

  private static double number(Map<String, Object> plan, String key) {
    return plan.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object list) {
    return (List<Map<String, Object>>) list;
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
