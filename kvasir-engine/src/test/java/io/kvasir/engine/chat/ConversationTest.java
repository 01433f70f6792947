package io.kvasir.engine.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.ContextException;
import io.kvasir.engine.Generation;
import io.kvasir.engine.GenerationListener;
import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.Generator;
import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.model.PassListener;
import io.kvasir.engine.template.TemplateException;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationTest {
  private static final KvPlan F32 = KvPlan.parse("f32");
  private static final GenerationOptions TEN = GenerationOptions.DEFAULT.withMaxTokens(10);

  @TempDir static Path folder;
  private static Model model;

  @BeforeAll
  static void load() {
    model =
        Model.load(
            TinyModel.writer().write(folder.resolve("tiny.gguf")),
            ModelOptions.DEFAULT.withThreads(2));
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(model.pool().usedPages()).isZero();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Generation say(Conversation conversation, String text, GenerationOptions options) {
    return conversation.say(text, options, PassListener.NONE, GenerationListener.NONE);
  }

  private static Generation cold(List<ChatMessage> messages) {
    try (Sequence sequence = model.sequence(F32)) {
      int[] ids = ChatFormat.of(model).encode(messages, true);
      float[] logits = sequence.read(ids, PassListener.NONE);
      return Generator.generate(sequence, logits, TEN, GenerationListener.NONE);
    }
  }

  @Test
  void aContinuedDialogueSaysWhatOneReadAgainSays() {
    try (Conversation conversation = new Conversation(model, F32)) {
      conversation.add(ChatMessage.system("be kind"));
      say(conversation, "hello", TEN.withMaxTokens(0));
      int first = conversation.sequence().seen();
      Generation second = say(conversation, "go on", TEN);
      assertThat(conversation.reused()).isEqualTo(first).isPositive();
      assertThat(second.ids())
          .isEqualTo(
              cold(List.of(
                      ChatMessage.system("be kind"),
                      ChatMessage.user("hello"),
                      ChatMessage.assistant(""),
                      ChatMessage.user("go on")))
                  .ids());
      assertThat(conversation.messages()).hasSize(5);
      assertThat(conversation.messages().getLast()).isEqualTo(ChatMessage.assistant(second.text()));
    }
  }

  @Test
  void anAnswerThatReadsOtherwiseMakesItReadAgain() {
    try (Conversation conversation = new Conversation(model, F32)) {
      // Bytes that are no UTF-8 come back as U+FFFD: other tokens than were said.
      Generation first = say(conversation, "hello", TEN.withTemperature(1).withSeed(2));
      assertThat(first.text()).contains("\ufffd");
      Generation second = say(conversation, "go on", TEN);
      assertThat(conversation.reused()).isZero();
      assertThat(second.ids())
          .isEqualTo(
              cold(List.of(
                      ChatMessage.user("hello"),
                      ChatMessage.assistant(first.text()),
                      ChatMessage.user("go on")))
                  .ids());
    }
  }

  @Test
  void aTurnThatFailsLeavesTheDialogueAsItWas() {
    try (Conversation conversation = new Conversation(model, F32)) {
      say(conversation, "hello", TEN.withMaxTokens(0));
      List<ChatMessage> before = conversation.messages();
      assertThatThrownBy(() -> say(conversation, "x".repeat(TinyModel.CONTEXT), TEN))
          .isInstanceOf(ContextException.class);
      assertThatThrownBy(
              () ->
                  conversation.say(
                      "go on",
                      TEN,
                      (done, total) -> {
                        throw new CancellationException("enough");
                      },
                      GenerationListener.NONE))
          .isInstanceOf(CancellationException.class);
      assertThat(conversation.messages()).isEqualTo(before);
      say(conversation, "go on", TEN);
      assertThat(conversation.reused()).isZero();
      conversation.add(new ChatMessage("tool", "x"));
      assertThatThrownBy(() -> say(conversation, "and on", TEN))
          .isInstanceOf(TemplateException.class)
          .hasMessage("No tools here!");
    }
  }

  @Test
  void questionsAboutOneReadingAreAnsweredAsIfEachWereTheFirst() {
    String document = "the cat sat on the mat. ".repeat(8);
    try (SharedReading reading =
        new SharedReading(model, F32, List.of(), document, PassListener.NONE)) {
      int read = reading.sequence().seen();
      assertThat(read).isGreaterThan(document.length());
      for (String question : List.of("who sat?", "\n\nWhere?", "(why)", "who sat?")) {
        Generation answer = reading.ask(question, TEN, PassListener.NONE, GenerationListener.NONE);
        assertThat(answer.ids())
            .isEqualTo(cold(List.of(ChatMessage.user(document + "\n\n" + question.strip()))).ids());
      }
      assertThat(reading.sequence().seen()).isEqualTo(read);
    }
  }

  @Test
  void aSharedReadingIsCompressedAfterTheDocument() {
    KvPlan plan = KvPlan.parse("snapkv(keep=50,window=8) | q8");
    String document = "the cat sat on the mat. ".repeat(8);
    try (SharedReading reading =
        new SharedReading(
            model, plan, List.of(ChatMessage.system("be kind")), document, PassListener.NONE)) {
      assertThat(reading.sequence().cache().pairs()).isEqualTo(50 * 2 * 2);
      Generation answer = reading.ask("who sat?", TEN, PassListener.NONE, GenerationListener.NONE);
      assertThat(answer.ids()).isNotEmpty();
      assertThat(reading.sequence().cache().pairs()).isEqualTo(50 * 2 * 2);
      assertThatThrownBy(
              () -> reading.ask("x".repeat(400), TEN, PassListener.NONE, GenerationListener.NONE))
          .isInstanceOf(ContextException.class);
    }
  }

  @Test
  void aDocumentThatIsTooLongIsRefusedAndFreed() {
    assertThatThrownBy(
            () -> new SharedReading(model, F32, List.of(), "x".repeat(600), PassListener.NONE))
        .isInstanceOf(ContextException.class);
  }
}
