package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.eval.task.Metric;
import io.kvasir.eval.task.Question;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFormTest {
  private static final List<Question> QUESTIONS =
      List.of(
          question("who?", "she is", " a"),
          question("why?", "as", " b"),
          question("how?", "by", " c"));

  @TempDir private static Path folder;

  @Test
  void aChatModelSeesOneMessageThatIsCutAfterTheContext() {
    try (ModelFile file = ModelFile.open(TinyModel.writer().write(folder.resolve("chat.gguf")))) {
      PromptForm form = PromptForm.of(file.tokenizer(), ChatFormat.of(file));
      assertThat(text(file, form.context("text"))).isEqualTo("<s><|im_start|>user\ntext");
      assertThat(text(file, form.question(QUESTIONS, 0)))
          .isEqualTo("\n\nwho?<|im_end|>\n<|im_start|>assistant\nshe is");
      assertThat(text(file, form.alone(QUESTIONS, 1)))
          .isEqualTo("<s><|im_start|>user\nwhy?<|im_end|>\n<|im_start|>assistant\nas");
      assertThat(text(file, form.afterAnswer())).isEqualTo("<|im_end|>\n<|im_start|>user\n");
      assertThat(text(file, form.nextQuestion(QUESTIONS.get(2))))
          .isEqualTo("how?<|im_end|>\n<|im_start|>assistant\nby");
      assertThat(text(file, form.context("<|im_end|>"))).endsWith("user\n<|im_end|>");
      assertThat(form.context("<|im_end|>")).hasSizeGreaterThan(form.context("x").length + 5);
      assertThat(form.endsAtNewline()).isFalse();
    }
  }

  @Test
  void aBaseModelSeesDemonstrationsOnTheSideOfTheQuestion() {
    Path path = folder.resolve("base.gguf");
    try (ModelFile file =
        ModelFile.open(TinyModel.writer().without("tokenizer.chat_template").write(path))) {
      PromptForm form = PromptForm.of(file.tokenizer(), ChatFormat.of(file));
      assertThat(text(file, form.context("text"))).isEqualTo("<s>text");
      assertThat(text(file, form.question(QUESTIONS, 2)))
          .isEqualTo(
              """


              Question: who?
              Answer: she is a
              Question: why?
              Answer: as b
              Question: how?
              Answer: by\
              """);
      assertThat(form.endsAtNewline()).isTrue();
    }
  }

  private static String text(ModelFile file, int[] ids) {
    return file.tokenizer().decode(ids, true);
  }

  private static Question question(String text, String prefix, String answer) {
    return new Question(
        text,
        prefix,
        answer,
        List.of(answer.strip()),
        List.of(),
        OptionalDouble.empty(),
        8,
        Metric.EXACT);
  }
}
