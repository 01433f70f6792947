package io.kvasir.engine;

import io.kvasir.engine.calibrate.CalibrationStore;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.template.ChatTemplate;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.kv.Calibrations;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model file, opened and checked, its weights not loaded: enough for its facts, its tokenizer and
 * its template. Thread-safe until closed, and must be closed; a model loaded from it lives on.
 */
public final class ModelFile implements AutoCloseable {
  private final GgufFile gguf;
  private final ModelFacts facts;

  private ModelFile(GgufFile gguf, ModelFacts facts) {
    this.gguf = gguf;
    this.facts = facts;
  }

  /**
   * Opens a GGUF file; of a split model, any part stands for all.
   *
   * @throws ModelFormatException it is no sound model, or none that Kvasir can run
   */
  public static ModelFile open(Path path) {
    GgufFile gguf = GgufFile.open(path);
    try {
      return new ModelFile(gguf, ModelFacts.read(gguf));
    } catch (RuntimeException | Error e) {
      gguf.close();
      throw e;
    }
  }

  /** The file that was opened. */
  public Path path() {
    return gguf.path();
  }

  /** The file's name without its ending. */
  public String name() {
    return facts.name();
  }

  public Metadata metadata() {
    return gguf.metadata();
  }

  public GgufFile gguf() {
    return gguf;
  }

  public ModelConfig config() {
    return facts.config();
  }

  public Tokenizer tokenizer() {
    return facts.tokenizer();
  }

  /**
   * The chat template, parsed anew; most callers want {@link io.kvasir.engine.chat.ChatFormat}.
   *
   * @throws io.kvasir.engine.template.TemplateException there is one, outside the supported subset
   */
  public Optional<ChatTemplate> chatTemplate() {
    return facts.template();
  }

  /** The chat template's text. */
  public Optional<String> chatTemplateSource() {
    return facts.templateSource();
  }

  /** Identity of the content, hexadecimal. */
  public String fingerprint() {
    return facts.fingerprint();
  }

  /** What methods learned of this model on this machine. */
  public Calibrations calibrations() {
    return CalibrationStore.ofEnvironment().of(path(), fingerprint());
  }

  /** Size of all parts together. */
  public long bytes() {
    return gguf.bytes();
  }

  /**
   * Loads the weights: they are copied while they are packed, so this file may be closed then.
   *
   * @throws ModelFormatException a tensor is not what the model needs
   * @throws io.kvasir.engine.fit.DoesNotFitException there is not the memory for its weights
   */
  public Model load(ModelOptions options) {
    return Model.load(gguf, facts, options);
  }

  @Override
  public void close() {
    gguf.close();
  }
}
