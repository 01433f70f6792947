package io.kvasir.cli;

import com.sun.management.OperatingSystemMXBean;
import io.kvasir.cli.bench.Machine;
import io.kvasir.eval.store.EnvRow;
import io.kvasir.kernel.OneDnn;
import io.kvasir.kernel.probe.MachineLimits;
import java.lang.management.ManagementFactory;

/** The machine of a run, as table env tells of it. */
final class EvalEnvironment {
  private EvalEnvironment() {}

  /**
   * Measures the machine, which takes a few seconds.
   *
   * @param threads that compute
   */
  static EnvRow of(String runId, int threads) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    double load = system.getSystemLoadAverage(); // before this process adds to it
    MachineLimits limits = LimitsProcess.measure(threads);
    return new EnvRow(
        runId,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Machine.processor(),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()),
        Machine.vectors(),
        OneDnn.version()
            .orElseGet(() -> "none" + OneDnn.refusal().map(why -> ": " + why).orElse("")),
        threads,
        limits.memory() / 1e9,
        limits.f32() / 1e9,
        load);
  }
}
