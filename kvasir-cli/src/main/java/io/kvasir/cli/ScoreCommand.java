package io.kvasir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvasir.engine.LogProbs;
import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import io.kvasir.engine.Scores;
import io.kvasir.engine.Sequence;
import io.kvasir.engine.tokenizer.Tokenizer;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir score}: how probable each token of a text is. */
@Command(
    name = "score",
    description = {
      "Prints the log-probability of each token of a text.",
      "That is of each but the first, given those before it.",
    },
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Runnable {
  /** How many candidates after the last token are told. */
  private static final int TOP = 32;

  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private TextArguments text = new TextArguments();
  @Mixin private KvArguments kv = new KvArguments();

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The first N tokens are read as a prompt, and compressed; the rest as decoding would"
              + " read it. Default ${DEFAULT-VALUE}.")
  private int promptTokens = 1;

  @Option(
      names = "--json",
      description = "Print ids, nll (of tokens 2..N) and the 32 likeliest next tokens as JSON.")
  private boolean json;

  @Option(
      names = "--jsonl",
      description =
          "Batch mode, a JSON object per line: {\"ids\" or \"text\", \"kv\"?, \"prompt_tokens\"?}"
              + " in, {\"ids\", \"nll\", \"top_ids\", \"top_logits\"} out.")
  private boolean jsonl;

  /**
   * @param nll negative log-probability, in nats, of tokens 2..N
   * @param topIds likeliest tokens after the last one
   */
  @SuppressWarnings("ArrayRecordComponent") // written out once, never compared
  private record Scored(
      int[] ids, double[] nll, int[] topIds, float[] topLogits, String prefill, String precision) {}

  @Override
  public void run() {
    KvPlan plan = kv.plan();
    if (jsonl) {
      text.none();
      try (Model loaded = model.load(Precision.EXACT)) {
        Prompts prompts = new Prompts(loaded);
        Batch.run((request, interrupts) -> answer(loaded, prompts, plan, request, interrupts));
      }
      return;
    }
    String given = text.text();
    try (Model loaded = model.load(Precision.EXACT);
        Interrupts interrupts = Interrupts.listen()) {
      int[] ids = new Prompts(loaded).text(given);
      Scored scored = score(loaded, plan, ids, promptTokens, interrupts);
      if (json) {
        System.out.println(Json.pretty(scored));
      } else {
        print(loaded.tokenizer(), scored);
      }
    }
  }

  private Scored answer(
      Model loaded, Prompts prompts, KvPlan plan, Request request, Interrupts interrupts) {
    request.allow("ids", "text", "kv", "prompt_tokens");
    return score(
        loaded,
        request.has("kv") ? KvPlan.parse(request.string("kv")) : plan,
        prompts.of(request),
        request.integer("prompt_tokens", 1, Integer.MAX_VALUE, promptTokens),
        interrupts);
  }

  private static Scored score(
      Model model, KvPlan plan, int[] ids, int promptTokens, Interrupts interrupts) {
    Scores scores;
    try (Sequence sequence = model.sequence(plan);
        Progress progress = Progress.ofTokens("scoring", model)) {
      scores = sequence.score(ids, promptTokens, progress.reading(interrupts));
    }
    int[] topIds = LogProbs.topIds(scores.lastLogits(), TOP);
    float[] topLogits = new float[topIds.length];
    for (int i = 0; i < topIds.length; i++) {
      topLogits[i] = scores.lastLogits()[topIds[i]];
    }
    return new Scored(
        ids,
        scores.nll(),
        topIds,
        topLogits,
        PrefillMode.EXACT.toString(),
        model.precision().toString());
  }

  private static void print(Tokenizer tokenizer, Scored scored) {
    double sum = 0;
    for (int i = 0; i < scored.ids.length; i++) {
      String piece = Json.line(new String(tokenizer.bytes(scored.ids[i]), UTF_8));
      String logProb = i == 0 ? "" : String.format(Locale.ROOT, "%.4f", -scored.nll[i - 1]);
      sum += i == 0 ? 0 : scored.nll[i - 1];
      System.out.printf(Locale.ROOT, "%10s  %s%n", logProb, piece);
    }
    System.out.printf(
        Locale.ROOT,
        "%10.4f  in all, %d tokens after the first, %s%n",
        -sum,
        scored.nll.length,
        scored.precision);
  }
}
