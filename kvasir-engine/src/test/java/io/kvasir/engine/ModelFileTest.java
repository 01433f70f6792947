package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.template.TemplateException;
import io.kvasir.kernel.OneDnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFileTest {
  @TempDir Path folder;

  @Test
  void tellsTheFactsWithoutLoading() throws IOException {
    Path path = TinyModel.writer().write(folder.resolve("tiny.gguf"));
    try (ModelFile file = ModelFile.open(path)) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.name()).isEqualTo("tiny");
      assertThat(file.bytes()).isEqualTo(Files.size(path));
      assertThat(file.config().contextLength()).isEqualTo(TinyModel.CONTEXT);
      assertThat(file.tokenizer().vocabularySize()).isEqualTo(288);
      assertThat(file.chatTemplateSource()).contains(TinyModel.TEMPLATE);
      assertThat(file.chatTemplate()).isPresent();
      assertThat(file.metadata().string("general.architecture")).isEqualTo("llama");
    }
  }

  @Test
  void aModelOutlivesItsFile() {
    ModelFile file = ModelFile.open(TinyModel.writer().write(folder.resolve("tiny.gguf")));
    try (Model model = file.load(ModelOptions.DEFAULT.withThreads(3))) {
      file.close();
      assertThat(model.fingerprint()).isNotEmpty();
      assertThat(model.name()).isEqualTo("tiny");
      assertThat(model.threads()).isEqualTo(3);
      assertThat(model.precision()).isEqualTo(Precision.FAST).hasToString("fast");
      assertThat(model.weightBytes()).isPositive();
      assertThat(model.chatTemplate()).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({"EXACT, f32, f32", "FAST, bf16+f32, f32"})
  void tellsInWhatNumbersItComputesWithWeightsThatAreNoCodes(
      Precision precision, String withOneDnn, String without) {
    try (Model model = TinyModel.load(folder, precision)) {
      assertThat(model.products()).isEqualTo(OneDnn.available() ? withOneDnn : without);
    }
  }

  @Test
  void whatTheTokenizerRefusesNamesTheFile() {
    Path path =
        TinyModel.writer()
            .string("tokenizer.ggml.model", "wordpiece")
            .write(folder.resolve("odd.gguf"));
    assertThatThrownBy(() -> ModelFile.open(path))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(path + ": tokenizer.ggml.model is \"wordpiece\", expected gpt2 or llama");
  }

  @Test
  void aTemplateOutsideTheSubsetHindersNobodyWhoDoesNotChat() {
    Path path =
        TinyModel.writer()
            .string("tokenizer.chat_template", "{% nonsense %}")
            .write(folder.resolve("tiny.gguf"));
    try (Model model = Model.load(path, ModelOptions.DEFAULT)) {
      assertThatThrownBy(model::chatTemplate)
          .isInstanceOf(TemplateException.class)
          .hasMessageStartingWith("tokenizer.chat_template: line 1: ");
    }
  }
}
