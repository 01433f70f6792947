package io.kvasir.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** On what a measurement is made. */
public final class Machine {
  private Machine() {}

  /** Processors, system and Java, in one line. */
  public static String describe() {
    return "%d x %s, %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("os.name"),
            Runtime.version());
  }

  /** The processor's name; where the system does not tell, its architecture. */
  public static String processor() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      // not Linux: the JVM knows the architecture at least
    }
    return System.getProperty("os.arch");
  }
}
