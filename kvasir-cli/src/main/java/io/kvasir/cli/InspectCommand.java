package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.Precision;
import io.kvasir.engine.fit.ByteSize;
import io.kvasir.kv.KvBytes;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kvasir inspect}: the facts of a model, or what a plan keeps of a prompt. */
@Command(
    name = "inspect",
    description = {
      "Prints the facts of a model, or what a plan keeps of a prompt.",
      "With --kv and a prompt: which positions every layer and KV head kept, and which are coded.",
    },
    mixinStandardHelpOptions = true)
final class InspectCommand implements Runnable {
  @Mixin private ModelArguments model = new ModelArguments();

  @Option(
      names = "--kv",
      paramLabel = "PLAN",
      description = "Read a prompt under this plan and show what it kept.")
  private Optional<String> kv = Optional.empty();

  @Option(names = "--text", paramLabel = "TEXT", description = "The prompt.")
  private Optional<String> text = Optional.empty();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A file that is the prompt; default: standard input.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--png",
      paramLabel = "FILE",
      description = "Also draw what was kept, and what of it is coded, as a heat map.")
  private Optional<Path> png = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--jsonl",
      description =
          "Batch mode, a JSON object per line: {\"ids\" or \"text\", \"kv\"} in,"
              + " {\"kept\", \"bytes\"} out.")
  private boolean jsonl;

  /** What {@code --kv --json} prints. */
  private record Result(
      String model,
      String fingerprint,
      String prefill,
      String precision,
      KvFacts kv,
      KvBytes bytes,
      int[][][] kept,
      int[][] coded) {}

  /** What {@code --jsonl} prints of a line. */
  private record Line(int[][][] kept, long bytes, String prefill, String precision) {}

  @Override
  public void run() {
    if (jsonl) {
      batch();
    } else if (kv.isPresent()) {
      kept(KvPlan.parse(kv.get()));
    } else if (text.isPresent() || file.isPresent() || png.isPresent()) {
      throw new UsageException(
          "a prompt or --png needs --kv PLAN; without it there is nothing to keep");
    } else {
      facts();
    }
  }

  private void facts() {
    try (ModelFile opened = ModelFile.open(model.name().file())) {
      ModelSummary summary = ModelSummary.of(opened);
      if (json) {
        System.out.println(Json.pretty(summary));
      } else {
        ModelSheet.print(summary, System.out);
      }
    }
  }

  private void batch() {
    if (text.isPresent() || file.isPresent() || png.isPresent()) {
      throw new UsageException(
          "with --jsonl the prompts stand in the lines; expected no --text, --file or --png");
    }
    try (Model loaded = model.load(Precision.EXACT)) {
      Prompts prompts = new Prompts(loaded);
      Batch.run(
          (request, interrupts) -> {
            request.allow("ids", "text", "kv");
            String plan = kv.isEmpty() ? request.string("kv") : request.string("kv", kv.get());
            Kept kept =
                Kept.of(
                    loaded,
                    KvPlan.parse(plan),
                    prompts.of(request),
                    (done, total) -> interrupts.check());
            return new Line(
                kept.kept(),
                kept.kv().bytes(),
                PrefillMode.EXACT.toString(),
                loaded.precision().toString());
          });
    }
  }

  private void kept(KvPlan plan) {
    String prompt = prompt();
    png.ifPresent(AtomicFile::check); // before minutes of reading
    try (Model loaded = model.load(Precision.EXACT);
        Interrupts interrupts = Interrupts.listen()) {
      Kept kept;
      try (Progress progress = Progress.ofTokens("reading", loaded)) {
        int[] ids = new Prompts(loaded).text(prompt);
        kept = Kept.of(loaded, plan, ids, progress.reading(interrupts));
      }
      png.ifPresent(to -> draw(loaded, kept, to));
      if (json) {
        System.out.println(
            Json.line(
                new Result(
                    loaded.name(),
                    loaded.fingerprint(),
                    PrefillMode.EXACT.toString(),
                    loaded.precision().toString(),
                    kept.kv(),
                    kept.parts(),
                    kept.kept(),
                    kept.coded())));
      } else {
        print(kept);
      }
    }
  }

  private String prompt() {
    if (text.isPresent() && file.isPresent()) {
      throw new UsageException("--text and --file are two prompts; expected one");
    }
    return text.map(TextInput::of).orElseGet(() -> Document.read(file).text());
  }

  private static void draw(Model loaded, Kept kept, Path to) {
    KvFacts kv = kept.kv();
    String title =
        String.format(Locale.ROOT, "%s: what is kept of %,d tokens", loaded.name(), kv.tokens());
    KeptChart chart = new KeptChart(title, kv.plan(), kv.tokens(), kept.kept(), kept.coded());
    AtomicFile.write(to, chart.png());
  }

  private static void print(Kept kept) {
    KvFacts kv = kept.kv();
    int heads = Arrays.stream(kept.kept()).mapToInt(layer -> layer.length).sum();
    long coded = Arrays.stream(kept.coded()).flatMapToInt(Arrays::stream).asLongStream().sum();
    System.out.println("plan   " + kv.plan());
    System.out.println("read   " + kv.text());
    System.out.println("bytes  " + bytes(kept.parts()));
    System.out.printf(
        Locale.ROOT,
        "kept   %,d of %,d pairs, %.1f %%; %,d of them in codes%n%n",
        kv.pairs(),
        (long) heads * kv.tokens(),
        100.0 * kv.pairs() / ((double) heads * kv.tokens()),
        coded);
    Table table = new Table("LAYERS", "KEPT BY A KV HEAD", "IN CODES");
    for (int from = 0, to; from < kept.kept().length; from = to) {
      String pairs = pairs(kept, from);
      String inCodes = inCodes(kept, from);
      to = from + 1;
      while (to < kept.kept().length
          && pairs(kept, to).equals(pairs)
          && inCodes(kept, to).equals(inCodes)) {
        to++;
      }
      table.row(from == to - 1 ? from : from + "-" + (to - 1), pairs, inCodes);
    }
    table.print(System.out);
  }

  private static String bytes(KvBytes parts) {
    return String.format(
        Locale.ROOT,
        "codes %s, scales %s, raw windows %s, beside the pairs %s",
        ByteSize.text(parts.codes()),
        ByteSize.text(parts.scales()),
        ByteSize.text(parts.windows()),
        ByteSize.text(parts.side()));
  }

  private static String pairs(Kept kept, int layer) {
    return range(Arrays.stream(kept.kept()[layer]).mapToInt(head -> head.length));
  }

  private static String inCodes(Kept kept, int layer) {
    return range(Arrays.stream(kept.coded()[layer]));
  }

  private static String range(IntStream ofHeads) {
    IntSummaryStatistics counts = ofHeads.summaryStatistics();
    return counts.getMin() == counts.getMax()
        ? Integer.toString(counts.getMin())
        : counts.getMin() + " to " + counts.getMax();
  }
}
