package io.kvasir.cli.bench;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.gguf.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured, and on what.
 *
 * @param file of the model
 * @param type its architecture, parameters and most common tensor type: {@code llama 135M Q4_1}
 * @param bytes of its tensors in the file
 * @param parameters elements of its tensors
 * @param cpu the processor's name
 */
public record BenchSubject(
    Path file,
    String type,
    long bytes,
    long parameters,
    String cpu,
    int threads,
    String precision) {
  /** Describes a model before it is measured. */
  public static BenchSubject of(ModelFile file, Model model) {
    long parameters = 0;
    long bytes = 0;
    Map<String, Long> byType = new TreeMap<>();
    for (TensorInfo tensor : file.gguf().tensors()) {
      parameters += tensor.elements();
      bytes += tensor.bytes();
      byType.merge(tensor.type().toString(), tensor.bytes(), Long::sum);
    }
    String most =
        byType.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    String type =
        "%s %s %s".formatted(file.config().architecture().text(), count(parameters), most);
    return new BenchSubject(
        file.path(),
        type,
        bytes,
        parameters,
        processor(),
        model.threads(),
        model.precision().toString());
  }

  private static String count(long parameters) {
    return parameters < 1_000_000_000
        ? Math.round(parameters / 1e6) + "M"
        : String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
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
