package io.kvasir.eval.run;

import io.kvasir.eval.Digest;
import io.kvasir.eval.store.PlanRow;
import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.Methods;
import io.kvasir.kv.PrefillMode;
import io.kvasir.kv.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plan that is weighed, or a control.
 *
 * @param text the plan, canonical; {@value #NO_CONTEXT} for the question alone
 * @param label as the plan file says
 * @param plan of its cache
 * @param prefill how its prompts are read
 */
record Subject(String text, String label, KvPlan plan, PrefillMode prefill, Optional<String> tag) {
  static final String NO_CONTEXT = "no-context";

  private static final String CONTROL = "control";
  private static final String FLOOR = "floor";

  static Subject of(SweepPlan plan) {
    return new Subject(
        plan.plan().toString(), plan.label(), plan.plan(), plan.reading(), plan.tag());
  }

  private static Subject control(String plan, PrefillMode prefill, String tag) {
    KvPlan parsed = KvPlan.parse(plan);
    return new Subject(parsed.toString(), plan, parsed, prefill, Optional.of(tag));
  }

  boolean readsNothing() {
    return text.equals(NO_CONTEXT);
  }

  /** Whether it is there to show how far f16 is from f32, where predictions are compared. */
  boolean isFloor() {
    return tag.equals(Optional.of(FLOOR));
  }

  boolean isF16() {
    return text.equals(KvPlan.FULL.toString());
  }

  /**
   * The plans and their controls, by prefill: f16 first, the question alone second, then the plans,
   * then for each keep of theirs chance and the newest.
   */
  static Map<PrefillMode, List<Subject>> all(List<SweepPlan> plans) {
    Map<PrefillMode, Map<String, Subject>> all = new LinkedHashMap<>();
    for (SweepPlan plan : plans) {
      Subject subject = of(plan);
      Map<String, Subject> same =
          all.computeIfAbsent(
              subject.prefill(),
              prefill -> {
                Map<String, Subject> first = new LinkedHashMap<>();
                Subject f16 = control("f16", prefill, CONTROL);
                first.put(f16.text(), f16);
                first.put(
                    NO_CONTEXT,
                    new Subject(NO_CONTEXT, NO_CONTEXT, f16.plan(), prefill, f16.tag()));
                return first;
              });
      same.putIfAbsent(subject.text(), subject);
    }
    all.forEach(Subject::addControls);
    Map<PrefillMode, List<Subject>> lists = new LinkedHashMap<>();
    all.forEach((prefill, subjects) -> lists.put(prefill, List.copyOf(subjects.values())));
    return lists;
  }

  private static void addControls(PrefillMode prefill, Map<String, Subject> subjects) {
    for (Subject subject : List.copyOf(subjects.values())) {
      if (subject.plan().drops()) {
        for (String control : List.of("random", "streaming-llm")) {
          Subject added =
              control("%s(keep=%s)".formatted(control, subject.plan().keep()), prefill, CONTROL);
          subjects.putIfAbsent(added.text(), added);
        }
      }
    }
  }

  /** The same, and f32 last where it is no plan: how far f16 is from it is the floor of all KL. */
  static Map<PrefillMode, List<Subject>> withFloor(Map<PrefillMode, List<Subject>> all) {
    Map<PrefillMode, List<Subject>> more = new LinkedHashMap<>();
    all.forEach(
        (prefill, subjects) -> {
          Subject floor = control("f32", prefill, FLOOR);
          boolean there = subjects.stream().anyMatch(one -> one.text().equals(floor.text()));
          more.put(
              prefill,
              there ? subjects : Stream.concat(subjects.stream(), Stream.of(floor)).toList());
        });
    return more;
  }

  String sha() {
    return shaOf(text);
  }

  /** Identity of a plan or control. */
  static String shaOf(String text) {
    return Digest.hex(text);
  }

  PlanRow row() {
    return new PlanRow(sha(), text, label, readsNothing() ? "" : roles(), tag);
  }

  /** Names of the methods that the plan names, each behind its role. */
  private String roles() {
    List<String> roles = new ArrayList<>();
    for (String part : text.split(" \\| ", -1)) {
      String name = part.replaceFirst("^(?:k:|v:|layers=[0-9]+-[0-9]+:)*", "").split("\\(", 2)[0];
      known(name).ifPresent(role -> roles.add(role + " " + name));
    }
    return roles.stream().distinct().collect(Collectors.joining(", "));
  }

  private static Optional<String> known(String name) {
    return Methods.all().list().stream()
        .filter(method -> method.name().equals(name))
        .map(method -> lower(method.role()))
        .findFirst();
  }

  private static String lower(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
