package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorTest {
  private static final GenerationOptions GREEDY =
      GenerationOptions.DEFAULT.withMaxTokens(60).withIgnoreEos(true);

  @TempDir static Path folder;
  private static Model model;

  @BeforeAll
  static void load() {
    model = TinyModel.load(folder);
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(model.pool().usedPages()).isZero();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Collects what a listener hears. */
  private static final class Heard implements GenerationListener {
    final List<Integer> ids = new ArrayList<>();
    final StringBuilder text = new StringBuilder();

    @Override
    public void token(int id, String text) {
      ids.add(id);
      this.text.append(text);
    }
  }

  private static Sequence prompted() {
    Sequence sequence = model.sequence(KvPlan.FULL);
    sequence.read(model.tokenizer().encode("once upon a time", false, true), PassListener.NONE);
    return sequence;
  }

  private static Generation generate(GenerationOptions options, GenerationListener listener) {
    try (Sequence sequence = model.sequence(KvPlan.FULL)) {
      int[] prompt = model.tokenizer().encode("once upon a time", false, true);
      return Generator.generate(
          sequence, sequence.read(prompt, PassListener.NONE), options, listener);
    }
  }

  private static Generation generate(GenerationOptions options) {
    return generate(options, GenerationListener.NONE);
  }

  /** Logits that leave no choice. */
  private static float[] only(int id) {
    float[] logits = new float[model.config().vocabularySize()];
    logits[id] = 100;
    return logits;
  }

  @Test
  void greedyTakesTheMostProbableTokenEachTime() {
    List<Integer> expected = new ArrayList<>();
    try (Sequence sequence = model.sequence(KvPlan.FULL)) {
      float[] logits =
          sequence.read(
              model.tokenizer().encode("once upon a time", false, true), PassListener.NONE);
      for (int i = 0; i < 60; i++) {
        expected.add(LogProbs.argmax(logits));
        logits = sequence.step(expected.getLast());
      }
    }
    Generation generation = generate(GREEDY);
    assertThat(generation.ids()).isEqualTo(expected);
    assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH).hasToString("length");
    assertThat(generation.promptNanos()).isPositive();
    assertThat(generation.decodeNanos()).isPositive();
  }

  @Test
  void theSameSeedSaysTheSame() {
    GenerationOptions hot = GREEDY.withTemperature(1).withTopP(0.95).withSeed(7);
    assertThat(generate(hot).ids()).isEqualTo(generate(hot).ids());
    assertThat(generate(hot).ids()).isNotEqualTo(generate(hot.withSeed(8)).ids());
  }

  @Test
  void whatIsStreamedIsTheText() {
    Heard heard = new Heard();
    Generation generation = generate(GREEDY.withTemperature(1), heard);
    assertThat(heard.ids).isEqualTo(generation.ids());
    assertThat(heard.text).hasToString(generation.text());
    int[] ids = generation.ids().stream().mapToInt(Integer::intValue).toArray();
    assertThat(generation.text()).isEqualTo(model.tokenizer().decode(ids, false));
  }

  @Test
  void stopStringsEndItWhereverTokensEnd() {
    GenerationOptions hot = GREEDY.withTemperature(1).withSeed(3);
    String text = generate(hot).text();
    for (int from = 0; from + 4 <= text.length(); from++) {
      String stop = text.substring(from, from + 4);
      Heard heard = new Heard();
      Generation stopped = generate(hot.withStop(List.of("no such text", stop)), heard);
      assertThat(stopped.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
      assertThat(heard.text).hasToString(stopped.text());
      assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
    }
  }

  @Test
  void whatLooksLikeAStopStringToTheLastIsGivenOut() {
    String text = generate(GREEDY).text();
    Heard heard = new Heard();
    Generation same = generate(GREEDY.withStop(List.of(text.substring(9) + "more")), heard);
    assertThat(same.text()).isEqualTo(text);
    assertThat(heard.text).hasToString(text);
    assertThat(heard.ids).isEqualTo(same.ids());
  }

  @Test
  void anEndTokenEndsItAndIsNotGivenOut() {
    try (Sequence sequence = prompted()) {
      Heard heard = new Heard();
      Generation generation =
          Generator.generate(sequence, only(TinyModel.EOS), GREEDY.withIgnoreEos(false), heard);
      assertThat(generation.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(generation.ids()).isEmpty();
      assertThat(heard.ids).isEmpty();
    }
  }

  @Test
  void ignoredEndTokensCountAsTokensButAreNoText() {
    try (Sequence sequence = prompted()) {
      Generation generation =
          Generator.generate(
              sequence, only(TinyModel.EOS), GREEDY.withMaxTokens(1), GenerationListener.NONE);
      assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(generation.ids()).containsExactly(TinyModel.EOS);
      assertThat(generation.text()).isEmpty();
    }
  }

  @Test
  void anEndTokenReleasesWhatWasHeldBack() {
    GenerationOptions hot = GREEDY.withTemperature(1).withMaxTokens(400).withIgnoreEos(false);
    long seed = 0;
    Generation ended = generate(hot);
    while (ended.finishReason() != FinishReason.STOP || ended.text().isEmpty()) {
      seed++;
      ended = generate(hot.withSeed(seed));
    }
    String held = ended.text().substring(ended.text().length() - 1) + "and more";
    Heard heard = new Heard();
    Generation same = generate(hot.withSeed(seed).withStop(List.of(held)), heard);
    assertThat(same.text()).isEqualTo(ended.text());
    assertThat(heard.text).hasToString(ended.text());
    assertThat(model.tokenizer().isEndOfGeneration(heard.ids.getLast())).isTrue();
    assertThat(heard.ids.subList(0, same.ids().size())).isEqualTo(same.ids());
  }

  @Test
  void anUnfinishedCharacterIsReplacedAtTheEnd() {
    int firstOfTwo = 3 + 0xc3;
    try (Sequence sequence = prompted()) {
      Heard heard = new Heard();
      Generation generation =
          Generator.generate(sequence, only(firstOfTwo), GREEDY.withMaxTokens(1), heard);
      assertThat(generation.text()).isEqualTo("\ufffd");
      assertThat(heard.text).hasToString("\ufffd");
    }
  }

  @Test
  void aFullContextEndsIt() {
    int[] prompt = new int[TinyModel.CONTEXT - 3];
    Arrays.fill(prompt, 270);
    try (Sequence sequence = model.sequence(KvPlan.FULL)) {
      float[] logits = sequence.read(prompt, PassListener.NONE);
      Generation generation = Generator.generate(sequence, logits, GREEDY, GenerationListener.NONE);
      assertThat(generation.finishReason()).isEqualTo(FinishReason.CONTEXT);
      assertThat(generation.ids()).hasSize(4); // the last one is chosen, but has no place
      assertThat(sequence.seen()).isEqualTo(TinyModel.CONTEXT);
    }
  }

  @Test
  void noTokenWantedNoTokenChosen() {
    Generation generation = generate(GREEDY.withMaxTokens(0));
    assertThat(generation.ids()).isEmpty();
    assertThat(generation.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void theListenerMayCancelAndTheSequenceGoesOn() {
    try (Sequence sequence = prompted()) {
      Heard heard = new Heard();
      Generation generation =
          Generator.generate(
              sequence,
              only(270),
              GREEDY,
              (id, text) -> {
                heard.token(id, text);
                if (heard.ids.size() == 3) {
                  throw new CancellationException("enough");
                }
              });
      assertThat(generation.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(generation.ids()).hasSize(3).isEqualTo(heard.ids);
      assertThat(heard.text).hasToString(generation.text());
      assertThat(sequence.step(generation.ids().getLast())).isNotEmpty();
    }
  }

  @Test
  void anInterruptCancelsAndStays() {
    try (Sequence sequence = prompted()) {
      Thread.currentThread().interrupt();
      Generation generation =
          Generator.generate(sequence, only(270), GREEDY, GenerationListener.NONE);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(generation.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(generation.ids()).isEmpty();
    }
  }

  @Test
  void wrongOptionsAreRefusedByName() {
    assertThatThrownBy(() -> GREEDY.withMaxTokens(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max-tokens=-1 must be 0 or more");
    assertThatThrownBy(() -> GREEDY.withStop(List.of("a", "")))
        .hasMessage("a stop string is empty; expected at least one character");
    assertThatThrownBy(() -> GREEDY.withTopP(2))
        .hasMessage("top-p=2.0 must be above 0 and at most 1");
    assertThatThrownBy(() -> ModelOptions.DEFAULT.withThreads(0))
        .hasMessage("threads=0 must be 1 to 1024");
    assertThatThrownBy(() -> ModelOptions.DEFAULT.withContext(0))
        .hasMessage("context=0 must be at least 1 token");
  }

  @Test
  void aSmallerContextMayBeAskedForButNoLargerOne() {
    Path file = folder.resolve("tiny.gguf");
    try (Model small = Model.load(file, ModelOptions.DEFAULT.withContext(100))) {
      assertThat(small.context()).isEqualTo(100);
    }
    assertThatThrownBy(() -> Model.load(file, ModelOptions.DEFAULT.withContext(1000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a context of 1000 tokens is more than the %d that tiny was made for"
                .formatted(TinyModel.CONTEXT));
  }
}
