package io.kvasir.eval.run;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.task.FreeRun;
import io.kvasir.kv.KvPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Lets plans predict how a text goes on, side by side with f16, token by token over the whole
 * vocabulary. The text is forced: a real one, or what f16 wrote itself.
 *
 * <p>The first token is predicted by the last one of the prompt, which has not attended to the
 * compressed cache, so it is not scored.
 */
final class Continuations {
  /** Tokens whose logits are held at once, of f16 and of one plan. */
  private static final int ROWS = 32;

  /** How far f16 looks when it must do without the far context; its windows advance by a stride. */
  static final int NEAR = 256;

  static final int STRIDE = 64;

  /** What f16 must gain from the far context, in nats, for a token to count as far. */
  static final double FAR_GAIN = 1;

  private static final int BUCKET = 64;

  private final Model model;
  private final PassListener listener;

  Continuations(Model model, PassListener listener) {
    this.model = model;
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

    void parts(float[] f16, int token) {
      if (parting.equals(OptionalInt.of(token)) && token < own.length) {
        partingLnp = OptionalDouble.of(-LogProbs.nll(f16, own[token]));
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
   * Real text. Besides all tokens the far ones are weighed alone, those that f16 predicts at least
   * {@value #FAR_GAIN} nat better than from the last {@value #NEAR} tokens (and up to {@value
   * #STRIDE} more).
   *
   * @param read f16's sequence, then the plans'; each stays as it is
   * @param prompt what they have read
   * @param next how it goes on, at least two tokens
   */
  List<Outcome> force(List<Sequence> read, int[] prompt, int[] next) {
    double[] near = nearNll(prompt, next);
    return onForks(
        read,
        forks -> {
          List<Runner> runners =
              forks.stream().map(f -> new Runner(f, new int[0], OptionalInt.empty())).toList();
          follow(runners, next, next.length, near);
          return runners.stream()
              .map(
                  runner -> {
                    List<Divergence> divergences = runner.divergences();
                    return new Outcome(
                        "",
                        OptionalDouble.empty(),
                        OptionalDouble.of(-divergences.getFirst().nll()),
                        Optional.empty(),
                        runner.share(),
                        divergences);
                  })
              .toList();
        });
  }

  /**
   * Free text. Each plan writes for itself, and is led along what f16 wrote.
   *
   * @param read f16's sequence, then the plans'; each stays as it is
   * @param logits after the last token of each, [V]
   * @param most tokens to write, at least two
   */
  List<Outcome> write(List<Sequence> read, List<float[]> logits, int most) {
    return write(read, logits, new Manner(most, "", true));
  }

  /**
   * The same of answers, which end by themselves. Their first token counts too: what predicts it is
   * the question, which has attended to the compressed cache.
   *
   * @param end what ends an answer beside the model's own end; may be empty
   */
  List<Outcome> answer(List<Sequence> read, List<float[]> logits, int most, String end) {
    return write(read, logits, new Manner(most, end, false));
  }

  /**
   * How a text is written.
   *
   * @param most tokens
   * @param end a text that ends it; may be empty
   * @param goesOn whether it goes on past the model's own end, from a prompt that nobody has asked
   *     anything after
   */
  private record Manner(int most, String end, boolean goesOn) {}

  private List<Outcome> write(List<Sequence> read, List<float[]> logits, Manner manner) {
    List<int[]> written = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    onForks(
        read,
        forks -> {
          List<Greedy.Writer> writers = new ArrayList<>();
          for (int i = 0; i < forks.size(); i++) {
            writers.add(
                new Greedy.Writer(
                    forks.get(i), logits.get(i), manner.most, manner.end, manner.goesOn));
          }
          new Greedy(model, () -> listener.progressed(0, 1)).write(writers);
          writers.forEach(writer -> written.add(writer.written()));
          writers.forEach(writer -> texts.add(writer.text()));
          return List.of();
        });
    int[] f16 = written.getFirst();
    return onForks(
        read,
        forks -> {
          List<Runner> runners = new ArrayList<>();
          for (int i = 0; i < forks.size(); i++) {
            OptionalInt parting = FreeRun.of(written.get(i), f16).divergence();
            runners.add(new Runner(forks.get(i), written.get(i), parting));
            runners.getLast().parts(logits.getFirst(), 0);
            if (!manner.goesOn && f16.length > 0) {
              runners.getLast().bucket(0).add(logits.getFirst(), logits.get(i), f16[0]);
            }
          }
          follow(runners, f16, BUCKET, new double[0]);
          List<Outcome> outcomes = new ArrayList<>();
          for (int i = 0; i < runners.size(); i++) {
            outcomes.add(written(runners.get(i), texts.get(i), f16.length));
          }
          return outcomes;
        });
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
   * @param bucket tokens of a stretch
   * @param near what f16 makes of each token without the far context; empty: nobody asks
   */
  private void follow(List<Runner> runners, int[] text, int bucket, double[] near) {
    for (int at = 0, end; at < text.length - 1; at = end) {
      end = Math.min(text.length - 1, at + ROWS);
      int[] rows = Arrays.copyOfRange(text, at, end);
      float[][] f16 = new float[0][];
      for (Runner runner : runners) {
        listener.progressed(at, text.length);
        float[][] own = runner.sequence.follow(rows);
        f16 = runner == runners.getFirst() ? own : f16;
        for (int r = 0; r < rows.length; r++) {
          int token = at + r + 1;
          runner.bucket(token / bucket).add(f16[r], own[r], text[token]);
          runner.parts(f16[r], token);
          if (near.length > 0 && near[token] - LogProbs.nll(f16[r], text[token]) >= FAR_GAIN) {
            runner.far.add(f16[r], own[r], text[token]);
          }
        }
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
          float[][] rows = sequence.follow(Arrays.copyOfRange(next, from, to - 1));
          for (int r = 0; r < rows.length; r++) {
            near[from + r + 1] = LogProbs.nll(rows[r], next[from + r + 1]);
          }
        }
      }
    }
    return near;
  }

  /** Does something with a fork of each. */
  @FunctionalInterface
  private interface Work {
    List<Outcome> with(List<Sequence> forks);
  }

  private static List<Outcome> onForks(List<Sequence> read, Work work) {
    List<Sequence> forks = new ArrayList<>();
    try {
      read.forEach(sequence -> forks.add(sequence.fork()));
      return work.with(forks);
    } finally {
      forks.forEach(Sequence::close);
    }
  }
}
