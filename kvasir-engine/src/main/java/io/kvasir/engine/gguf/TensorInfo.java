package io.kvasir.engine.gguf;

import io.kvasir.kernel.TensorType;
import java.util.List;

/**
 * What a file says about a tensor.
 *
 * @param shape one to four dimensions of at least 1, the fastest-varying first, as in the file; the
 *     first is a whole number of the type's blocks
 * @param part the file that holds it: 0, or its number in a split model
 * @param offset where its bytes begin in that file
 * @param bytes how many they are; all of them lie within the file
 */
public record TensorInfo(
    String name, TensorType type, List<Long> shape, int part, long offset, long bytes) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** The product of the shape; it was found to fit a long. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
