package io.kvasir.eval.run;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.eval.store.ModelRow;
import io.kvasir.kv.LayerShape;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows of table model. */
public final class ModelRows {
  private ModelRows() {}

  /** What a file holds; heads are those of its first layer. */
  public static ModelRow of(ModelFile file) {
    LayerShape first = file.config().kvShape().layer(0);
    return new ModelRow(
        file.fingerprint(),
        file.name(),
        file.config().architecture().text(),
        weights(file),
        file.config().layers().size(),
        first.queryHeads(),
        first.kvHeads(),
        first.keyDim(),
        file.config().contextLength());
  }

  private static String weights(ModelFile file) {
    Map<String, Long> bytes = new TreeMap<>();
    for (TensorInfo tensor : file.gguf().tensors()) {
      bytes.merge(tensor.type().toString(), tensor.bytes(), Long::sum);
    }
    return bytes.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(", "));
  }
}
