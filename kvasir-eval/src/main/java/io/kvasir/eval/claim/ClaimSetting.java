package io.kvasir.eval.claim;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.chat.ChatFormat;
import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Corpus;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.PrefillMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which claims are judged, and on how much.
 *
 * @param families at least one
 * @param lengths tokens of contexts in place of what the claims say; empty: what they say
 * @param contexts of each task and length; the unit of all statistics
 * @param seed of contexts and of resamples
 * @param prose what haystacks are made of
 */
public record ClaimSetting(
    List<Family> families, List<Integer> lengths, int contexts, long seed, Corpus prose) {

  /**
   * @throws InputException when two claims have one id
   */
  public ClaimSetting {
    families = List.copyOf(families);
    lengths = List.copyOf(lengths);
    Map<String, String> places = new HashMap<>();
    for (Family family : families) {
      for (Claim claim : family.claims()) {
        String before = places.putIfAbsent(claim.id(), claim.place());
        if (before != null) {
          throw new InputException(
              "%s: claim %s stands at %s already; expected once"
                  .formatted(claim.place(), claim.id(), before));
        }
      }
    }
  }

  /** Tokens of contexts, ascending. */
  public List<Integer> ctxs() {
    return lengths.isEmpty()
        ? families.stream()
            .flatMap(family -> family.claims().stream())
            .flatMap(claim -> claim.ctxs().stream())
            .distinct()
            .sorted()
            .toList()
        : lengths.stream().distinct().sorted().toList();
  }

  /** The claims of a family that are judged at some length. */
  List<Claim> claims(Family family, int ctx) {
    return family.claims().stream()
        .filter(claim -> lengths.isEmpty() ? claim.ctxs().contains(ctx) : lengths.contains(ctx))
        .toList();
  }

  /** Plans whose cost is claimed at some length, as text, and how their prompts are read. */
  public Map<String, PrefillMode> costs(int ctx) {
    Map<String, PrefillMode> plans = new LinkedHashMap<>();
    families.stream()
        .flatMap(family -> claims(family, ctx).stream())
        .filter(claim -> claim.needs().isEmpty())
        .filter(claim -> claim.expectation().filter(Expectation::isAboutCost).isPresent())
        .flatMap(claim -> claim.let().values().stream())
        .forEach(named -> plans.put(named.plan().toString(), named.reading().prefill()));
    return plans;
  }

  /**
   * Checks what can be known before weights are loaded: that the model has as much context as is
   * asked for, and that a task of some claim can be made of it.
   *
   * @throws InputException in one sentence
   */
  public void check(ModelFile file) {
    int most = file.config().contextLength();
    for (int ctx : ctxs()) {
      if (ctx <= most || lengths.contains(ctx)) { // what a claim says too much of is not testable
        List<Planned> planned =
            families.stream()
                .flatMap(family -> claims(family, ctx).stream())
                .map(Planned::of)
                .filter(one -> one.claim().needs().isEmpty())
                .toList();
        ClaimSweeps.weighing(planned, this, ctx).forEach(sweep -> sweep.checkModel(file));
        checkTasks(planned, ctx, file);
      }
    }
  }

  private void checkTasks(List<Planned> planned, int ctx, ModelFile file) {
    Map<Task, String> unmakeable =
        ClaimSweeps.unmakeable(planned, this, ctx, file.tokenizer(), ChatFormat.of(file));
    boolean none =
        planned.stream()
            .filter(Planned::needsContexts)
            .allMatch(one -> unmakeable.keySet().containsAll(one.tasks()));
    if (none && !unmakeable.isEmpty()) {
      throw new InputException(unmakeable.values().iterator().next());
    }
  }
}
