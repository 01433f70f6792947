package io.kvasir.eval.run;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.eval.InputException;
import io.kvasir.eval.data.DataTask;
import io.kvasir.eval.task.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a sweep does not read of the user's documents: none is left out or cut in silence. */
public final class LeftOut {
  private static final int FEW = 5;

  private final Sweep sweep;
  private final Contexts contexts;

  private LeftOut(Sweep sweep, Contexts contexts) {
    this.sweep = sweep;
    this.contexts = contexts;
  }

  /**
   * Sentences about documents that are too long for a ctx, lose their middle, or are not asked for;
   * none when all are read whole.
   *
   * @throws InputException when none fits
   */
  public static List<String> of(Sweep sweep, ModelFile file) {
    PromptForm form = PromptForm.of(file.tokenizer(), ChatFormat.of(file));
    LeftOut out = new LeftOut(sweep, new Contexts(sweep, form));
    return sweep.tasks().stream()
        .filter(DataTask.class::isInstance)
        .map(DataTask.class::cast)
        .flatMap(
            task ->
                Stream.concat(
                    out.unread(task).stream(),
                    sweep.ctxs().stream().flatMap(ctx -> out.of(task, ctx).stream())))
        .toList();
  }

  private Optional<String> unread(DataTask task) {
    return task.contexts() <= sweep.contexts()
        ? Optional.empty()
        : Optional.of(
            "%s: %d of %d documents are read; --contexts %3$d reads all"
                .formatted(task.name(), sweep.contexts(), task.contexts()));
  }

  private List<String> of(DataTask task, int ctx) {
    int most = Math.min(sweep.contexts(), task.contexts());
    List<String> tooLong = new ArrayList<>();
    List<String> cut = new ArrayList<>();
    for (int number = 0; number < most; number++) {
      Optional<Item> item = contexts.itemIfAny(task, ctx, number);
      if (item.isEmpty()) {
        tooLong.add(task.place(number));
      } else if (task.isCut(item.get())) {
        cut.add(task.place(number));
      }
    }
    if (tooLong.size() == most) {
      throw new InputException(
          "%s: none of %d documents fits into ctx %d with its questions (%s); expected a larger"
                  .formatted(task.name(), most, ctx, few(tooLong))
              + " --ctx, or --truncate middle");
    }
    List<String> sentences = new ArrayList<>();
    if (!tooLong.isEmpty()) {
      sentences.add(
          "%s: %d of %d documents are too long for ctx %d and left out: %s"
              .formatted(task.name(), tooLong.size(), most, ctx, few(tooLong)));
    }
    if (!cut.isEmpty()) {
      sentences.add(
          "%s: %d of %d documents lose their middle at ctx %d: %s"
              .formatted(task.name(), cut.size(), most, ctx, few(cut)));
    }
    return sentences;
  }

  private static String few(List<String> places) {
    String first = places.stream().limit(FEW).collect(Collectors.joining(", "));
    return places.size() <= FEW ? first : first + " and %d more".formatted(places.size() - FEW);
  }
}
