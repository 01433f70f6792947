package io.kvasir.eval.sweep;

import io.kvasir.kv.KvPlan;
import io.kvasir.kv.PrefillMode;
import java.util.List;
import java.util.Optional;

/**
 * One plan of a sweep.
 *
 * @param label what tells it from all others of the file: {@code snap keep=25%,bits=2}; where the
 *     line has no label, the plan as the line says it
 * @param family what the plans of one line share: its label, else its text. They differ in their
 *     choices only, so they may be compared at equal bytes
 * @param choices what was taken from the sets of the line, {@code key=value}, from left to right
 * @param plan what is weighed
 * @param prefill as the line says; nothing: the plan's own default
 * @param tag as the line says, for people and for filters
 * @param place where it stands, {@code file:line:column}
 */
public record SweepPlan(
    String label,
    String family,
    List<String> choices,
    KvPlan plan,
    Optional<PrefillMode> prefill,
    Optional<String> tag,
    String place) {
  private static final PrefillMode ACTING = new PrefillMode.Chunked(512);

  public SweepPlan {
    choices = List.copyOf(choices);
  }

  /** How its prompts are read: as the line says, else as suits the plan. */
  public PrefillMode reading() {
    return prefill.orElseGet(() -> standardPrefill(plan));
  }

  /** Exact, unless the plan acts while a prompt is read. */
  public static PrefillMode standardPrefill(KvPlan plan) {
    return plan.actsInPrompt() ? ACTING : PrefillMode.EXACT;
  }
}
