package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Prediction;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.run.Reading.Asked;
import io.kvasir.eval.task.FreeRun;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Lets plans predict how a text goes on, side by side with f16, token by token over the whole
 * vocabulary. The text is forced: a real one, or what f16 wrote itself.
 *
 * <p>The first token is predicted by the last one of the prompt, which has not attended to the
 * compressed cache, so it is not scored.
 */
final class Continuations {
  /** Logits that are held at once, of f16 and of one plan; rows, where a vocabulary is small. */
  private static final int LOGITS = 1 << 21;

  private static final int MOST_ROWS = 32;

  /** How far f16 looks when it must do without the far context; its windows advance by a stride. */
  static final int NEAR = 256;

  static final int STRIDE = 64;

  /** What f16 must gain from the far context, in nats, for a token to count as far. */
  static final double FAR_GAIN = 1;

  private static final int BUCKET = 64;

  private final Model model;
  private final Map<Asked, Baseline> baselines;
  private final PassListener listener;

  /**
   * @param baselines what f16 has made of questions before; f16 is not asked these again, and what
   *     it makes of others is added
   * @param listener may throw to end it
   */
  Continuations(Model model, Map<Asked, Baseline> baselines, PassListener listener) {
    this.model = model;
    this.baselines = baselines;
    this.listener = listener;
  }

  /** A plan on its way through the text. */
  private static final class Runner {
    private final Sequence sequence;
    private final double shareBefore;
    private final List<DivergenceTally> buckets = new ArrayList<>();
    private final DivergenceTally far = new DivergenceTally();
    private final int[] own;
    private final OptionalInt parting;
    private OptionalDouble partingLnp = OptionalDouble.empty();

    Runner(Sequence sequence, int[] own, OptionalInt parting) {
      this.sequence = sequence;
      this.own = own;
      this.parting = parting;
      this.shareBefore = sequence.cache().codedShare();
    }

    void parts(Prediction f16, int token) {
      if (parting.equals(OptionalInt.of(token)) && token < own.length) {
        partingLnp = OptionalDouble.of(-f16.nll(own[token]));
      }
    }

    DivergenceTally bucket(int index) {
      while (buckets.size() <= index) {
        buckets.add(new DivergenceTally());
      }
      return buckets.get(index);
    }

    double share() {
      return (shareBefore + sequence.cache().codedShare()) / 2;
    }

    List<Divergence> divergences() {
      List<Divergence> all = new ArrayList<>();
      for (int b = 0; b < buckets.size(); b++) {
        all.add(buckets.get(b).divergence(b, false));
      }
      if (!far.isEmpty()) {
        all.add(far.divergence(0, true));
      }
      return all;
    }
  }

  /**
   * Real text, the question's answer. Besides all tokens the far ones are weighed alone, those that
   * f16 predicts at least {@value #FAR_GAIN} nat better than from the last {@value #NEAR} tokens
   * (and up to {@value #STRIDE} more).
   *
   * @param read the plans' sequences, f16's before them where it has no baseline; each stays as it
   *     is
   * @param prompt what they have read
   */
  List<Outcome> force(Asked asked, List<Sequence> read, int[] prompt) {
    int[] next = asked.answer();
    try (Forks forks = Forks.of(read)) {
      List<Runner> runners =
          forks.list().stream().map(f -> new Runner(f, new int[0], OptionalInt.empty())).toList();
      boolean leads = !baselines.containsKey(asked);
      Baseline base =
          baselines.computeIfAbsent(
              asked,
              of ->
                  Baseline.of(
                      forks.list().getFirst(), next, Optional.empty(), nearNll(prompt, next)));
      follow(runners, base, leads, next.length);
      return runners.stream().map(Continuations::forced).toList();
    }
  }

  private static Outcome forced(Runner runner) {
    List<Divergence> divergences = runner.divergences();
    return new Outcome(
        "",
        OptionalDouble.empty(),
        OptionalDouble.of(-divergences.getFirst().nll()),
        Optional.empty(),
        runner.share(),
        divergences);
  }

  /**
   * Free text. Each plan writes for itself, and is led along what f16 wrote.
   *
   * @param read as {@link #force} reads them
   * @param logits after the last token of each, [V]
   */
  List<Outcome> write(Asked asked, List<Sequence> read, List<float[]> logits) {
    return write(asked, read, logits, new Manner(asked.question().answerTokens(), "", true));
  }

  /**
   * The same of answers, which end by themselves. Their first token counts too: what predicts it is
   * the question, which has attended to the compressed cache.
   */
  List<Outcome> answer(Asked asked, List<Sequence> read, List<float[]> logits) {
    Manner manner = new Manner(asked.question().answerTokens(), asked.end(), false);
    return write(asked, read, logits, manner);
  }

  /**
   * How a text is written.
   *
   * @param most tokens to write
   * @param end a text that ends it; may be empty
   * @param goesOn whether it goes on past the model's own end, from a prompt that nobody has asked
   *     anything after
   */
  private record Manner(int most, String end, boolean goesOn) {}

  private List<Outcome> write(
      Asked asked, List<Sequence> read, List<float[]> logits, Manner manner) {
    List<Greedy.Writer> writers = writers(read, logits, manner);
    Prediction[] first = Baseline.predictions(model, logits.toArray(float[][]::new));
    boolean leads = !baselines.containsKey(asked);
    int[] f16 = leads ? writers.getFirst().written() : baseline(asked).text();
    try (Forks forks = Forks.of(read)) {
      List<Runner> runners = new ArrayList<>();
      for (int i = 0; i < first.length; i++) {
        int[] own = writers.get(i).written();
        runners.add(new Runner(forks.list().get(i), own, FreeRun.of(own, f16).divergence()));
      }
      if (leads) {
        Sequence sequence = forks.list().getFirst();
        baselines.put(asked, Baseline.of(sequence, f16, Optional.of(first[0]), new double[0]));
      }
      Prediction before = baseline(asked).first().orElseThrow();
      for (int i = 0; i < first.length; i++) {
        runners.get(i).parts(before, 0);
        if (!manner.goesOn && f16.length > 0) {
          runners.get(i).bucket(0).add(Compared.of(before, first[i], f16[0]));
        }
      }
      follow(runners, baseline(asked), leads, BUCKET);
      return IntStream.range(0, first.length)
          .mapToObj(i -> written(runners.get(i), writers.get(i).text(), f16.length))
          .toList();
    }
  }

  private Baseline baseline(Asked asked) {
    return Objects.requireNonNull(baselines.get(asked));
  }

  /** Writers that have come to their end, and whose sequences are closed. */
  private List<Greedy.Writer> writers(List<Sequence> read, List<float[]> logits, Manner manner) {
    List<Greedy.Writer> writers = new ArrayList<>();
    try (Forks forks = Forks.of(read)) {
      for (int i = 0; i < read.size(); i++) {
        writers.add(
            new Greedy.Writer(
                forks.list().get(i), logits.get(i), manner.most, manner.end, manner.goesOn));
      }
      new Greedy(model, () -> listener.progressed(0, 1)).write(writers);
    }
    return writers;
  }

  private static Outcome written(Runner runner, String text, int most) {
    return new Outcome(
        text,
        most == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of((double) Math.min(most, runner.parting.orElse(most)) / most),
        runner.partingLnp,
        Optional.empty(),
        runner.share(),
        runner.divergences());
  }

  /**
   * @param leads whether the first runner is f16 itself, which is not asked again
   * @param bucket tokens of a stretch
   */
  private void follow(List<Runner> runners, Baseline base, boolean leads, int bucket) {
    int rows = Math.clamp(LOGITS / model.config().vocabularySize(), 1, MOST_ROWS);
    int last = base.text().length - 1;
    for (int at = 0, end; at < last; at = end) {
      end = Math.min(last, at + rows);
      Prediction[] f16 = base.after(model, at, end);
      for (int i = 0; i < runners.size(); i++) {
        listener.progressed(at, last);
        Prediction[] own = leads && i == 0 ? f16 : predictions(runners.get(i), base, at, end);
        add(runners.get(i), base, at, f16, own, bucket);
      }
    }
  }

  private Prediction[] predictions(Runner runner, Baseline base, int from, int to) {
    int[] ids = Arrays.copyOfRange(base.text(), from, to);
    return Baseline.predictions(model, runner.sequence.follow(ids));
  }

  private void add(
      Runner runner, Baseline base, int at, Prediction[] f16, Prediction[] own, int bucket) {
    Compared[] compared = new Compared[f16.length];
    model.parallel(
        f16.length, r -> compared[r] = Compared.of(f16[r], own[r], base.text()[at + r + 1]));
    for (int r = 0; r < compared.length; r++) {
      int token = at + r + 1;
      runner.bucket(token / bucket).add(compared[r]);
      runner.parts(f16[r], token);
      if (base.near().length > 0 && base.near()[token] - compared[r].nllF16() >= FAR_GAIN) {
        runner.far.add(compared[r]);
      }
    }
  }

  /**
   * What f16 makes of each token when it reads little before it, [next]; the first is not asked.
   */
  private double[] nearNll(int[] prompt, int[] next) {
    int[] text = PromptForm.join(prompt, next);
    double[] near = new double[next.length];
    for (int from = 0; from < next.length; from += STRIDE) {
      int to = Math.min(next.length, from + STRIDE);
      int begin = prompt.length + from;
      int[] window = Arrays.copyOfRange(text, Math.max(0, begin - NEAR), begin);
      try (Sequence sequence = model.sequence(KvPlan.FULL)) {
        near[from] = LogProbs.nll(sequence.read(window, listener), next[from]);
        if (to - from > 1) {
          int begun = from + 1;
          float[][] rows = sequence.follow(Arrays.copyOfRange(next, from, to - 1));
          model.parallel(
              rows.length, r -> near[begun + r] = LogProbs.nll(rows[r], next[begun + r]));
        }
      }
    }
    return near;
  }
}
