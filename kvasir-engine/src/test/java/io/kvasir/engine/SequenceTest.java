package io.kvasir.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvasir.engine.model.PassListener;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceTest {
  private static final KvPlan F32 = KvPlan.parse("f32");
  private static final int[] IDS = new Random(4).ints(200, 3, 280).toArray();

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

  private static int[] ids(int from, int to) {
    return Arrays.copyOfRange(IDS, from, to);
  }

  private static float[] read(Sequence sequence, int... ids) {
    return sequence.read(ids, PassListener.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f32",
        "f16",
        "q8",
        "kivi(bits=2)",
        "snapkv(keep=25%) | q8",
        "h2o(keep=40,every=16) | f16",
        "knorm(keep=30%,every=7) | kivi(bits=4)"
      })
  void scoresAreThoseOfTokenByTokenDecoding(String text) {
    KvPlan plan = KvPlan.parse(text);
    try (Sequence scored = model.sequence(plan);
        Sequence decoded = model.sequence(plan)) {
      Scores scores = scored.score(IDS, 120, PassListener.NONE);
      assertThat(scores.nll()).hasSize(199);
      float[] logits = read(decoded, ids(0, 120));
      for (int t = 120; t < IDS.length; t++) {
        assertThat(scores.nll()[t - 1]).as("token %d", t).isEqualTo(LogProbs.nll(logits, IDS[t]));
        logits = decoded.step(IDS[t]);
      }
      assertThat(scores.lastLogits()).containsExactly(logits);
      assertThat(scored.ids()).isEqualTo(IDS).isEqualTo(decoded.ids());
    }
  }

  /** A token of a prompt and a decoded one may differ by rounding, unless precision is exact. */
  @Test
  void thePromptIsScoredWhileItIsPrefilled() {
    try (Model exact = TinyModel.load(folder, Precision.EXACT);
        Sequence whole = exact.sequence(F32);
        Sequence prompt = exact.sequence(KvPlan.parse("streaming-llm(keep=9)"))) {
      Scores scores = prompt.score(ids(0, 50), 50, PassListener.NONE);
      float[] logits = read(whole, IDS[0]);
      for (int t = 1; t < 50; t++) {
        assertThat(scores.nll()[t - 1]).isEqualTo(LogProbs.nll(logits, IDS[t]));
        logits = whole.step(IDS[t]);
      }
      assertThat(scores.lastLogits()).containsExactly(logits);
      assertThat(prompt.cache().pairs()).isEqualTo(2 * 2 * 9);
    }
  }

  @Test
  void aTextOfOneTokenHasNoScores() {
    try (Sequence sequence = model.sequence(F32)) {
      Scores scores = sequence.score(ids(0, 1), 1, PassListener.NONE);
      assertThat(scores.nll()).isEmpty();
      assertThat(scores.lastLogits()).hasSize(model.config().vocabularySize());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "q4", "kivi(bits=2)", "snapkv(keep=50%) | q8"})
  void readingLaterIsDecodingTokenByToken(String text) {
    KvPlan plan = KvPlan.parse(text);
    try (Model exact = TinyModel.load(folder, Precision.EXACT);
        Sequence atOnce = exact.sequence(plan);
        Sequence stepped = exact.sequence(plan)) {
      read(atOnce, ids(0, 80));
      read(stepped, ids(0, 80));
      for (int t = 80; t < 199; t++) {
        stepped.step(IDS[t]);
      }
      assertThat(read(atOnce, ids(80, 200))).containsExactly(stepped.step(IDS[199]));
    }
  }

  @Test
  void followingGivesTheLogitsOfEveryStep() {
    try (Sequence followed = model.sequence(KvPlan.parse("q8"));
        Sequence stepped = model.sequence(KvPlan.parse("q8"))) {
      read(followed, ids(0, 60));
      read(stepped, ids(0, 60));
      float[][] logits = followed.follow(ids(60, 90));
      for (int t = 60; t < 90; t++) {
        assertThat(logits[t - 60]).containsExactly(stepped.step(IDS[t]));
      }
      assertThat(followed.ids()).isEqualTo(ids(0, 90));
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalReadAndFollowTogetherAsEachWouldAlone(Precision precision) {
    List<int[]> asked = List.of(ids(80, 91), ids(90, 170), ids(85, 86));
    List<int[]> forced = List.of(ids(170, 175), ids(171, 199), ids(172, 173));
    List<Sequence> together = new ArrayList<>();
    try (Model one = TinyModel.load(folder, precision)) {
      try {
        for (String plan : List.of("snapkv(keep=25%) | q8", "kivi(bits=2)", "f16")) {
          together.add(one.sequence(KvPlan.parse(plan)));
          read(together.getLast(), ids(0, 80));
        }
        List<Sequence> alone = together.stream().map(Sequence::fork).toList();
        together.addAll(alone); // to be closed
        List<Sequence> first = List.copyOf(together.subList(0, 3));
        float[][] logits = one.append(first, asked, PassListener.NONE);
        float[][][] followed = one.follow(first, forced);
        for (int i = 0; i < 3; i++) {
          assertThat(logits[i]).containsExactly(read(alone.get(i), asked.get(i)));
          assertThat(followed[i]).isDeepEqualTo(alone.get(i).follow(forced.get(i)));
          assertThat(first.get(i).ids()).isEqualTo(alone.get(i).ids());
        }
      } finally {
        together.forEach(Sequence::close);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void statesGiveTheLogitsTheyCameBefore(Precision precision) {
    try (Model one = TinyModel.load(folder, precision);
        Sequence states = one.sequence(KvPlan.parse("kivi(bits=2)"));
        Sequence followed = one.sequence(KvPlan.parse("kivi(bits=2)"))) {
      read(states, ids(0, 60));
      read(followed, ids(0, 60));
      float[][] found = states.states(ids(60, 150));
      assertThat(found).hasDimensions(90, one.config().hidden());
      assertThat(one.logits(found)).isDeepEqualTo(followed.follow(ids(60, 150)));
      assertThat(states.ids()).isEqualTo(ids(0, 150));
      assertThat(states.step(5)).containsExactly(followed.step(5));
    }
  }

  @Test
  void refusesTextsThatAreNotOneForEachSequence() {
    try (Sequence sequence = model.sequence(F32)) {
      assertThatThrownBy(() -> model.follow(List.of(sequence), List.of()))
          .hasMessage("texts: 0, sequences: 1; expected one text for each sequence");
      assertThat(sequence.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "chunked:64", "chunked:1", "coded"})
  void whereNothingIsRoundedOrDroppedEveryPrefillModeIsExact(String mode) {
    try (Sequence sequence = model.sequence(F32);
        Sequence exact = model.sequence(F32)) {
      assertThat(sequence.read(IDS, PrefillMode.parse(mode), PassListener.NONE))
          .containsExactly(read(exact, IDS));
      assertThat(sequence.ids()).isEqualTo(IDS);
      assertThatThrownBy(() -> sequence.read(ids(0, 9), PrefillMode.parse(mode), PassListener.NONE))
          .hasMessage("a prompt is read into an empty sequence, this one has seen 200 tokens");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "chunked:64", "coded"})
  void everyPrefillModeEndsWithWhatThePlanKeeps(String mode) {
    try (Sequence sequence = model.sequence(KvPlan.parse("snapkv(keep=40) | q8"))) {
      sequence.read(IDS, PrefillMode.parse(mode), PassListener.NONE);
      assertThat(sequence.cache().pairs()).isEqualTo(40 * 2 * 2);
      sequence.step(5);
      assertThat(sequence.cache().pairs()).isEqualTo(41 * 2 * 2);
    }
  }

  @Test
  void onePrefillServesSeveralPlans() {
    List<Sequence> together = new ArrayList<>();
    for (String plan : List.of("f32", "snapkv(keep=25%) | q8", "kivi(bits=2)")) {
      together.add(model.sequence(KvPlan.parse(plan)));
    }
    model.read(together, ids(0, 100), PassListener.NONE);
    float[][] logits = model.step(together, new int[] {70, 71, 72});
    for (int i = 0; i < 3; i++) {
      try (Sequence alone = model.sequence(together.get(i).plan())) {
        read(alone, ids(0, 100));
        assertThat(logits[i]).containsExactly(alone.step(70 + i));
        assertThat(together.get(i).seen()).isEqualTo(101);
      }
    }
    together.forEach(Sequence::close);
  }

  @Test
  void aBatchGivesEachSequenceWhatItGetsAlone() {
    List<Sequence> batch = new ArrayList<>();
    List<Sequence> alone = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      batch.add(model.sequence(KvPlan.FULL));
      alone.add(model.sequence(KvPlan.FULL));
      read(batch.get(i), ids(0, 10 + 37 * i));
      read(alone.get(i), ids(0, 10 + 37 * i));
    }
    for (int step = 0; step < 20; step++) {
      int next = step;
      int[] ids = IntStream.range(0, 5).map(i -> IDS[next + i]).toArray();
      float[][] logits = model.step(batch, ids);
      for (int i = 0; i < 5; i++) {
        assertThat(logits[i]).containsExactly(alone.get(i).step(ids[i]));
      }
    }
    batch.forEach(Sequence::close);
    alone.forEach(Sequence::close);
  }

  @Test
  void forksGoTheirOwnWays() {
    try (Sequence original = model.sequence(KvPlan.parse("q8"));
        Sequence cold = model.sequence(KvPlan.parse("q8"))) {
      read(original, ids(0, 100));
      read(cold, ids(0, 100));
      try (Sequence fork = original.fork()) {
        original.step(60);
        assertThat(fork.step(61)).containsExactly(cold.step(61));
        assertThat(fork.ids()).isEqualTo(cold.ids());
      }
      assertThat(original.seen()).isEqualTo(101);
      assertThat(original.ids()).endsWith(60);
    }
  }

  @Test
  void severalThreadsMayUseSequencesOfOneModel() throws InterruptedException {
    float[][] found = new float[4][];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      int mine = i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Sequence sequence = model.sequence(KvPlan.FULL)) {
                      read(sequence, ids(0, 40 + mine));
                      found[mine] = sequence.step(IDS[mine]);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (int i = 0; i < found.length; i++) {
      try (Sequence alone = model.sequence(KvPlan.FULL)) {
        read(alone, ids(0, 40 + i));
        assertThat(found[i]).containsExactly(alone.step(IDS[i]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f16", "snapkv(keep=25%) | q8", "h2o(keep=40,every=16) | kivi(bits=2)"})
  void aCancelledReadingFreesItsPages(String plan) {
    for (int calls = 0; calls < 2; calls++) {
      int[] left = {calls};
      Sequence sequence = model.sequence(KvPlan.parse(plan));
      PassListener listener =
          (done, total) -> {
            if (left[0]-- == 0) {
              throw new CancellationException("enough");
            }
          };
      assertThatThrownBy(() -> sequence.read(IDS, listener)).hasMessage("enough");
      assertThat(model.pool().usedPages()).isZero();
      assertThat(sequence.isOpen()).isFalse();
      assertThatThrownBy(() -> read(sequence, 5))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("this sequence is closed, by its owner or by a pass that failed");
      sequence.close();
    }
  }

  @Test
  void aListenerMayNotRunAPassItself() {
    try (Sequence other = model.sequence(F32)) {
      read(other, 5);
      Sequence sequence = model.sequence(F32);
      assertThatThrownBy(() -> sequence.read(IDS, (done, total) -> other.step(5)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("a listener must not run a pass of the model that it listens to");
      assertThat(other.isOpen()).isTrue();
      assertThat(sequence.isOpen()).isFalse();
    }
  }

  @Test
  void readingOnCanBeCancelledToo() {
    Sequence sequence = model.sequence(KvPlan.FULL);
    read(sequence, 5);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> read(sequence, IDS))
        .isInstanceOf(CancellationException.class)
        .hasMessage("the thread was interrupted while reading");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(sequence.isOpen()).isFalse();
  }

  @Test
  void whatDoesNotFitTheContextIsRefusedWithBothNumbers() {
    int[] tooLong = new int[TinyModel.CONTEXT + 1];
    Arrays.fill(tooLong, 5);
    try (Sequence sequence = model.sequence(KvPlan.FULL)) {
      assertThatThrownBy(() -> read(sequence, tooLong))
          .isInstanceOf(ContextException.class)
          .hasMessage("the prompt has 513 tokens, the context holds 512");
      assertThatThrownBy(() -> sequence.score(tooLong, 1, PassListener.NONE))
          .hasMessage("the prompt has 513 tokens, the context holds 512");
      read(sequence, Arrays.copyOf(tooLong, TinyModel.CONTEXT - 1));
      assertThatThrownBy(() -> read(sequence, 5, 5))
          .hasMessage("511 tokens and 2 more do not fit, the context holds 512");
      sequence.step(5);
      assertThatThrownBy(() -> sequence.step(5))
          .isInstanceOf(ContextException.class)
          .hasMessage("512 tokens and 1 more do not fit, the context holds 512");
      assertThat(sequence.seen()).isEqualTo(512);
    }
  }

  @Test
  void whatIsNoPromptIsRefusedAndChangesNothing() {
    try (Sequence sequence = model.sequence(F32);
        Sequence cold = model.sequence(F32)) {
      assertThatThrownBy(() -> read(sequence))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the prompt is empty; expected at least one token");
      assertThatThrownBy(() -> read(sequence, 7, 288))
          .hasMessage("ids[1]=288 is no token of tiny; expected 0 to 287");
      assertThatThrownBy(() -> sequence.step(-1))
          .hasMessage("ids[0]=-1 is no token of tiny; expected 0 to 287");
      assertThatThrownBy(() -> sequence.score(ids(0, 9), 0, PassListener.NONE))
          .hasMessage("prompt_tokens=0 must be 1 to 9, the length of the text");
      assertThatThrownBy(() -> sequence.score(ids(0, 9), 10, PassListener.NONE))
          .hasMessage("prompt_tokens=10 must be 1 to 9, the length of the text");
      assertThat(read(sequence, IDS)).containsExactly(read(cold, IDS));
      assertThatThrownBy(() -> sequence.score(ids(0, 9), 9, PassListener.NONE))
          .hasMessage("a prompt is read into an empty sequence, this one has seen 200 tokens");
    }
  }

  @Test
  void sequencesOfABatchAreDistinctAndOfOneModel() {
    try (Model other = TinyModel.load(folder);
        Sequence foreign = other.sequence(F32);
        Sequence own = model.sequence(F32)) {
      assertThatThrownBy(() -> model.step(List.of(own, own), new int[] {5, 5}))
          .hasMessage("a pass needs one or more sequences, none of them twice");
      assertThatThrownBy(() -> model.step(List.of(own), new int[] {5, 5}))
          .hasMessage("tokens: 2, sequences: 1; expected one token for each sequence");
      assertThatThrownBy(() -> model.step(List.of(foreign), new int[] {5}))
          .hasMessage("the sequence belongs to tiny, not to tiny");
    }
  }

  @Test
  void aPlanThatTheModelCannotServeIsRefused() {
    assertThatThrownBy(() -> model.sequence(KvPlan.parse("f16 | layers=0-7:q8")))
        .isInstanceOf(KvPlanException.class);
  }

  @Test
  void aModelIsClosedAfterItsSequences() {
    Model closing = TinyModel.load(folder);
    Sequence sequence = closing.sequence(F32);
    Sequence fork = sequence.fork();
    assertThatThrownBy(closing::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("open sequences of tiny: 2; close them before their model");
    sequence.close();
    sequence.close();
    fork.close();
    closing.close();
    closing.close();
    assertThatThrownBy(() -> closing.sequence(F32))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model tiny is closed");
  }
}
