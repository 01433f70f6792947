package io.kvasir.engine.gguf;

import java.util.List;

/**
 * One file of a model, read.
 *
 * @param dataAt where the data of the tensors begin, at most the size of the file
 */
record Part(
    MappedFile file, FileMetadata metadata, Split split, List<TensorInfo> tensors, long dataAt)
    implements AutoCloseable {
  @Override
  public void close() {
    file.close();
  }
}
