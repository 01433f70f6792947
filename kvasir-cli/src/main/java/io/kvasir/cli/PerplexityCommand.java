package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.Precision;
import io.kvasir.engine.perplexity.Divergence;
import io.kvasir.engine.perplexity.Estimate;
import io.kvasir.engine.perplexity.Perplexity;
import io.kvasir.engine.perplexity.PerplexityResult;
import io.kvasir.engine.perplexity.Rounding;
import io.kvasir.engine.perplexity.RoundingResult;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir perplexity}: how well a model foresees a text, and what a plan costs there. */
@Command(
    name = "perplexity",
    description = {
      "Measures how well a model foresees a text under a plan.",
      "Works in chunks, as llama-perplexity does; --kl compares two plans token by token.",
    },
    mixinStandardHelpOptions = true)
final class PerplexityCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private KvArguments kv = new KvArguments();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      required = true,
      description = "The text; \"-\": standard input.")
  private Path file = Path.of("-");

  @Option(
      names = "--kl",
      paramLabel = "PLAN",
      arity = "0..1",
      fallbackValue = "f16",
      description =
          "Compare with this plan, by default ${FALLBACK-VALUE}: KL divergence, same top token.")
  private Optional<String> base = Optional.empty();

  @Option(
      names = "--kl-to",
      paramLabel = "exact|fast",
      description =
          "Compare --precision (then by default fast) with this one: KL divergence, same top token,"
              + " of tokens read as a prompt and of decoded ones.")
  private Optional<Precision> reference = Optional.empty();

  @Option(
      names = "--prefill",
      paramLabel = "MODE",
      defaultValue = "coded",
      description =
          "How the first half of a chunk is read: coded (default, as llama.cpp does): attending to"
              + " pairs as the plan stores them; exact; or chunked:N.")
  private String prefill = "coded";

  @Option(
      names = "--chunk-tokens",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of a chunk; default ${DEFAULT-VALUE}.")
  private int chunkTokens = 512;

  @Option(
      names = "--chunks",
      paramLabel = "N",
      description = "Read N chunks at most; default: all.")
  private int chunks = Integer.MAX_VALUE;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    if (reference.isPresent()) {
      compare(reference.get());
    } else {
      measure();
    }
  }

  private void compare(Precision exact) {
    if (base.isPresent()) {
      throw new UsageException("--kl compares plans and --kl-to precisions; give one of them");
    }
    Rounding rounding = new Rounding(kv.plan(), chunkTokens, chunks);
    String text = TextInput.file(file);
    RoundingResult result;
    try (Model rounded = model.load(Precision.FAST);
        Model right = model.loadIn(exact);
        Interrupts interrupts = Interrupts.listen();
        Progress progress = new Progress("measuring")) {
      int[] ids = rounded.tokenizer().encode(text, false);
      result = rounding.measure(right, rounded, ids, progress.reading(interrupts));
    }
    if (json) {
      System.out.println(Json.pretty(result));
      return;
    }
    System.out.printf(
        "%d chunks of %d tokens, %d tokens scored, plan %s, precision %s, compared with %s%n",
        result.chunks(),
        result.chunkTokens(),
        result.scoredTokens(),
        result.plan(),
        result.precision(),
        exact);
    System.out.println("read as a prompt:");
    print(result.prompt());
    System.out.println("decoded:");
    print(result.decoded());
  }

  private void measure() {
    Perplexity perplexity =
        new Perplexity(
            kv.plan(), base.map(KvPlan::parse), PrefillMode.parse(prefill), chunkTokens, chunks);
    String text = TextInput.file(file);
    PerplexityResult result;
    try (Model loaded = model.load(Precision.EXACT);
        Interrupts interrupts = Interrupts.listen();
        Progress progress = new Progress("measuring")) {
      int[] ids = loaded.tokenizer().encode(text, false);
      result = perplexity.measure(loaded, ids, progress.reading(interrupts));
    }
    if (json) {
      System.out.println(Json.pretty(result));
    } else {
      print(result);
    }
  }

  private static void print(PerplexityResult result) {
    System.out.printf(
        Locale.ROOT,
        "%d chunks of %d tokens, %d tokens scored, plan %s, prefill %s, precision %s%n",
        result.chunks(),
        result.chunkTokens(),
        result.scoredTokens(),
        result.plan(),
        result.prefill(),
        result.precision());
    line("perplexity", result.perplexity(), 1, "");
    result.divergence().ifPresent(PerplexityCommand::print);
  }

  private static void print(Divergence divergence) {
    line("of " + divergence.base(), divergence.basePerplexity(), 1, "");
    line(
        "KL divergence",
        divergence.meanKl(),
        1,
        String.format(Locale.ROOT, ", at most %.4f", divergence.maxKl()));
    line("same top token", divergence.sameTop(), 100, " %");
  }

  private static void line(String title, Estimate figure, double scale, String more) {
    System.out.printf(
        Locale.ROOT,
        "%-16s %.4f +- %.4f%s%n",
        title,
        figure.value() * scale,
        figure.error() * scale,
        more);
  }
}
