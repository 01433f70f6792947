package io.kvasir.cli.bench;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kernel.probe.MachineLimits;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was measured, and on what.
 *
 * @param limits what the machine can do with that many threads
 * @param file of the model
 * @param type its architecture, parameters and most common tensor type: {@code llama 135M Q4_1}
 * @param bytes of its tensors in the file
 * @param parameters elements of its tensors
 * @param fingerprint of the file's content
 * @param weightBytes its weights in memory
 * @param products {@link Model#products()}
 */
public record BenchSubject(
    MachineLimits limits,
    Path file,
    String type,
    long bytes,
    long parameters,
    String fingerprint,
    long weightBytes,
    String precision,
    String products) {
  /** Describes a model before it is measured. */
  public static BenchSubject of(MachineLimits limits, ModelFile file, Model model) {
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
        limits,
        file.path(),
        type,
        bytes,
        parameters,
        model.fingerprint(),
        model.weightBytes(),
        model.precision().toString(),
        model.products());
  }

  private static String count(long parameters) {
    return parameters < 1_000_000_000
        ? Math.round(parameters / 1e6) + "M"
        : String.format(Locale.ROOT, "%.1fB", parameters / 1e9);
  }
}
