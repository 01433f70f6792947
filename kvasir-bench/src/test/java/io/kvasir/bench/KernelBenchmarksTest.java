package io.kvasir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs, with one of its parameters; what it measures so shortly says nothing. */
class KernelBenchmarksTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("io.kvasir.bench")
                    .param("type", "Q8_0")
                    .param("tokens", "1")
                    .param("code", "F16")
                    .param("queries", "3")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(1))
                    .verbosity(VerboseMode.SILENT)
                    .shouldFailOnError(true)
                    .build())
            .run();
    assertThat(results)
        .extracting(result -> result.getPrimaryResult().getLabel())
        .containsExactlyInAnyOrder(
            "f32", "int8", "scalar", "reading", "scores", "accumulate", "scalarScores");
  }
}
