package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.eval.kld.Kld;
import io.kvasir.eval.kld.KldBase;
import io.kvasir.eval.kld.KldResult;
import io.kvasir.eval.kld.KldTable;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir eval kld}: what llama.cpp's {@code --kl-divergence} measures, with its files. */
@Command(
    name = "kld",
    description = {
      "Compares a plan with f16 as llama-perplexity --kl-divergence does.",
      "--ctx is the length of a chunk here, by default 512 or what --base holds.",
    },
    mixinStandardHelpOptions = true)
final class EvalKldCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();
  @Mixin private KvArguments kv = new KvArguments();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The text; \"-\": standard input. Need not be given when --base holds it.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--base",
      paramLabel = "F.kld",
      description =
          "Probabilities to compare with, in llama.cpp's format; a file that does not exist yet is"
              + " written, by f16. Default: f16, and nothing is written.")
  private Optional<Path> baseFile = Optional.empty();

  @Option(
      names = "--chunks",
      paramLabel = "N",
      description = "Read N chunks at most; default: all.")
  private Optional<Integer> chunks = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    KldResult result;
    ModelOptions options = model.options(Precision.FAST);
    OptionalInt most = chunks.map(OptionalInt::of).orElse(OptionalInt.empty());
    try (KldBase base = KldBase.open(baseFile, options.context(), most)) {
      if (file.isEmpty() && !base.hasText()) {
        throw new UsageException("--file is missing: there is no --base yet that holds a text");
      }
      Optional<String> text = file.map(TextInput::file);
      Kld kld = new Kld(kv.plan(), base);
      try (ModelFile opened = ModelFile.open(model.name().file());
          Model loaded = model.load(opened, Precision.FAST);
          Interrupts interrupts = Interrupts.listen();
          Progress progress = new Progress("measuring")) {
        result = kld.measure(loaded, text, progress.reading(interrupts));
      }
    }
    print(result);
  }

  private void print(KldResult result) {
    if (json) {
      System.out.println(Json.pretty(result));
      return;
    }
    KldResult.Setting setting = result.setting();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.printf(
        Locale.ROOT,
        "%s, %d chunks of %d tokens, %d scored, plan %s, base %s, prefill %s, precision %s%n",
        setting.model(),
        setting.chunks(),
        setting.tokens(),
        result.scoredTokens(),
        setting.plan(),
        setting.base(),
        setting.prefill(),
        setting.precision());
    out.print(KldTable.of(result));
  }
}
