package io.kvasir.cli.demo;

import io.kvasir.cli.bench.BenchSubject;

/** On what a measurement was made. */
final class Machine {
  private Machine() {}

  /** Processor, system and Java, in one line. */
  static String describe() {
    return "%d x %s, %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            BenchSubject.processor(),
            System.getProperty("os.name"),
            Runtime.version());
  }
}
