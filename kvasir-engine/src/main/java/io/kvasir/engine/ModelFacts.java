package io.kvasir.engine;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.template.ChatTemplate;
import io.kvasir.engine.template.TemplateException;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.Optional;

/** What a file says of its model, weights aside; shared by the opened file and the loaded model. */
record ModelFacts(
    String name,
    String fingerprint,
    ModelConfig config,
    Tokenizer tokenizer,
    Optional<String> templateSource) {
  private static final String TEMPLATE = "tokenizer.chat_template";

  /**
   * @throws ModelFormatException the file is not what it claims, or nothing Kvasir can run
   */
  static ModelFacts read(GgufFile file) {
    Metadata metadata = file.metadata();
    return new ModelFacts(
        file.path().getFileName().toString().replaceFirst("\\.gguf$", ""),
        file.fingerprint(),
        ModelConfig.read(file),
        tokenizer(file),
        metadata.has(TEMPLATE) ? Optional.of(metadata.string(TEMPLATE)) : Optional.empty());
  }

  /** The tokenizer knows keys and values, not the file they come from. */
  private static Tokenizer tokenizer(GgufFile file) {
    try {
      return Tokenizer.from(file.metadata());
    } catch (ModelFormatException e) {
      String message = String.valueOf(e.getMessage());
      String path = file.path().toString();
      throw message.startsWith(path) ? e : new ModelFormatException(path + ": " + message, e);
    }
  }

  Optional<ChatTemplate> template() {
    try {
      return templateSource.map(ChatTemplate::parse);
    } catch (TemplateException e) {
      throw e.in(TEMPLATE);
    }
  }
}
