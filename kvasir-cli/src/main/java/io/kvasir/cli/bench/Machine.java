package io.kvasir.cli.bench;

import io.kvasir.kernel.probe.MachineLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** On what a measurement is made. */
public final class Machine {
  /** Vector instructions that kernels, or oneDNN, choose by. */
  private static final Pattern FEATURES =
      Pattern.compile("avx2|fma|avx512(f|bw|vl|_vnni|_bf16)|avx_vnni|amx_(bf16|int8|tile)");

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
    return line("model name").orElseGet(() -> System.getProperty("os.arch"));
  }

  /**
   * The width of vectors in use, and what the processor can do with them: {@code 256 bit: avx2}.
   */
  public static String vectors() {
    String features =
        Stream.of(line("flags").orElse("").split(" ", -1))
            .filter(flag -> FEATURES.matcher(flag).matches())
            .collect(Collectors.joining(" "));
    String width = MachineLimits.vectorBits() + " bit";
    return features.isEmpty() ? width : width + ": " + features;
  }

  /** What {@code /proc/cpuinfo} says of the first processor. */
  private static Optional<String> line(String key) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    } catch (IOException e) {
      return Optional.empty(); // not Linux: the JVM knows the architecture at least
    }
  }
}
