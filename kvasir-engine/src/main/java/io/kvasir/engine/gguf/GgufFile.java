package io.kvasir.engine.gguf;

import io.kvasir.engine.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An opened GGUF model. Its files are mapped, not read: opening costs what the header costs.
 *
 * <p>Thread-safe. Close it when its data are no longer needed: segments it gave out end with it.
 */
public final class GgufFile implements AutoCloseable {
  private final Path path;
  private final List<Part> parts;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  private GgufFile(Path path, List<Part> parts) {
    this.path = path;
    this.parts = parts;
    for (Part part : parts) {
      part.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    }
  }

  /**
   * Opens a model and checks all that its header says. Any file of a split model opens all of it.
   *
   * @throws ModelFormatException it is not a sound GGUF model; one sentence that names the file and
   *     the key, tensor or value
   * @throws java.io.UncheckedIOException there is no such file
   */
  public static GgufFile open(Path path) {
    return new GgufFile(path, SplitFiles.open(path));
  }

  /** As it was given to {@link #open}. */
  public Path path() {
    return path;
  }

  public Metadata metadata() {
    return parts.getFirst().metadata();
  }

  /** In the order of the file. */
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * The bytes of a tensor of this file, exactly {@link TensorInfo#bytes} long, valid until this is
   * closed. Should the file be cut meanwhile, to touch them is an {@link InternalError}: {@link
   * #read} turns it into a sentence.
   */
  public MemorySegment data(TensorInfo tensor) {
    return parts.get(tensor.part()).file().bytes().asSlice(tensor.offset(), tensor.bytes());
  }

  /**
   * Runs a reader on the bytes of a tensor, and lets go of the memory they were mapped to: who
   * copies a file holds of it no more than one tensor at a time.
   *
   * @throws ModelFormatException the file was cut before the reader was done
   */
  public <T> T read(TensorInfo tensor, Function<MemorySegment, T> reader) {
    return parts
        .get(tensor.part())
        .file()
        .read(
            "tensor " + tensor.name(),
            () -> {
              MemorySegment bytes = data(tensor);
              T result = reader.apply(bytes);
              bytes.unload();
              return result;
            });
  }

  /** The size of all files of the model. */
  public long bytes() {
    return parts.stream().mapToLong(part -> part.file().size()).sum();
  }

  /**
   * A cheap identity of the content, in hexadecimal: the SHA-256 of every part's size, of all that
   * precedes its data, and of 64 bytes at the start and in the middle of each tensor. Equal content
   * has equal fingerprints wherever it lies. It guards against confusion, not against forgery.
   *
   * @throws ModelFormatException the file was cut since it was opened
   */
  public String fingerprint() {
    return Fingerprint.of(parts);
  }

  @Override
  public void close() {
    parts.forEach(Part::close);
  }
}
