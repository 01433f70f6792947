package io.kvasir.engine;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.template.ChatTemplate;
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
    ModelConfig config = ModelConfig.read(file);
    Tokenizer tokenizer = Tokenizer.from(metadata);
    if (tokenizer.vocabularySize() != config.vocabularySize()) {
      throw new ModelFormatException(
          "the tokenizer has %d tokens, the embedding %d; expected as many"
              .formatted(tokenizer.vocabularySize(), config.vocabularySize()));
    }
    Optional<String> template =
        metadata.has(TEMPLATE) ? Optional.of(metadata.string(TEMPLATE)) : Optional.empty();
    return new ModelFacts(nameOf(file), file.fingerprint(), config, tokenizer, template);
  }

  Optional<ChatTemplate> template() {
    return templateSource.map(ChatTemplate::parse);
  }

  private static String nameOf(GgufFile file) {
    return file.path().getFileName().toString().replaceFirst("\\.gguf$", "");
  }
}
