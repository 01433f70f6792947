package io.kvasir.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import io.kvasir.engine.TinyModel;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.engine.model.PassListener;
import io.kvasir.eval.stat.SignFlip;
import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Tasks;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What any scales must not do: tell plans apart that differ by chance alone. */
class ChanceTest {
  private static final int PAIRS = 40;
  private static final int CONTEXTS = 8;
  private static final int TOKENS = 33;

  private static final Sweep SWEEP = sweep();

  @TempDir private static Path folder;

  /** By chance 2 of 40 are; more than 5 in 1 of 70 such lists. */
  @Test
  @Tag("slow")
  void ofFortyPairsOfSeedsAtMostFiveAreFlagged() {
    Path file =
        TinyModel.writer().uint32("llama.context_length", 4096).write(folder.resolve("tiny.gguf"));
    ModelOptions exact = ModelOptions.DEFAULT.withThreads(2).withPrecision(Precision.EXACT);
    try (Model model = Model.load(file, exact)) {
      double[][] nll =
          IntStream.range(0, CONTEXTS).mapToObj(c -> nll(model, c)).toArray(double[][]::new);
      int flagged = 0;
      for (int pair = 0; pair < PAIRS; pair++) {
        double[] differences = new double[CONTEXTS];
        for (int c = 0; c < CONTEXTS; c++) {
          differences[c] = nll[c][2 * pair] - nll[c][2 * pair + 1];
        }
        assertThat(differences).doesNotContain(0);
        flagged += SignFlip.p(differences, 1) < 0.05 ? 1 : 0;
      }
      assertThat(flagged).isLessThanOrEqualTo(5);
    }
  }

  /** What the plans make of a context, all after one reading, [plans]. */
  private static double[] nll(Model model, int context) {
    PromptForm form = PromptForm.of(model.tokenizer(), ChatFormat.of(model));
    Item item =
        new Contexts(SWEEP, form).itemIfAny(SWEEP.tasks().getFirst(), 512, context).orElseThrow();
    List<KvPlan> plans = new ArrayList<>(List.of(KvPlan.FULL));
    SWEEP.plans().forEach(plan -> plans.add(plan.plan()));
    return new Asker(model, form, Protocol.BLIND, PassListener.NONE)
        .ask(plans, PrefillMode.EXACT, reading(form, item), 1, new HashMap<>()).stream()
            .skip(1)
            .mapToDouble(outcomes -> outcomes.getFirst().divergences().getFirst().nll())
            .toArray();
  }

  /** As far as a few tokens behind the prompt, which show chance as well as many do. */
  private static Reading reading(PromptForm form, Item item) {
    Reading whole = Reading.of(form, item);
    Reading.Asked asked = whole.asked().getFirst();
    int[] few = Arrays.copyOf(asked.answer(), TOKENS);
    int[] none = new int[0];
    return new Reading(
        item,
        whole.prompt(),
        List.of(
            new Reading.Asked(asked.question(), none, none, few, List.of(), none, asked.end())));
  }

  private static Sweep sweep() {
    Random random = new Random(5);
    String prose =
        IntStream.range(0, 4000)
            .mapToObj(i -> "" + (char) ('a' + random.nextInt(26)) + (char) ('a' + i % 26))
            .collect(Collectors.joining(" "));
    return new Sweep(
        IntStream.range(0, 2 * PAIRS).mapToObj(ChanceTest::plan).toList(),
        Tasks.parse("text"),
        List.of(512),
        CONTEXTS,
        3,
        Protocol.BLIND,
        Corpus.of("words", prose));
  }

  private static SweepPlan plan(int seed) {
    String text = "random(keep=50%,seed=" + seed + ")";
    return new SweepPlan(
        text, text, List.of(), KvPlan.parse(text), Optional.empty(), Optional.empty(), "test");
  }
}
