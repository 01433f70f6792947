package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Arg;
import io.kvasir.kv.PlanSyntax.Call;
import io.kvasir.kv.PlanSyntax.Part;
import io.kvasir.kv.PlanSyntax.Prefix;
import io.kvasir.kv.budget.Budget;
import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.merge.Merger;
import io.kvasir.kv.read.Reader;
import io.kvasir.kv.reuse.Reuse;
import io.kvasir.kv.score.Scorer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Gives the parts of a plan their meaning, and refuses what contradicts itself. One use. */
final class PlanBinder {
  private static final String PROTECT = "protect";
  private static final List<String> PLAN_KEYS = List.of("keep", "every");

  private final String text;
  private final Methods methods;
  private final Map<Role, Chosen> chosen = new EnumMap<>(Role.class);
  private final List<CodecChoice.Named> codecs = new ArrayList<>();
  private Optional<Stated<Keep>> keep = Optional.empty();
  private Optional<Stated<Integer>> every = Optional.empty();
  private Optional<Protection> protect = Optional.empty();

  /** The method of a role, and the name it was chosen by. */
  private record Chosen(String name, Record method) {}

  /** A value that the plan takes from one method's parameters. */
  private record Stated<T>(String method, T value) {}

  private PlanBinder(String text, Methods methods) {
    this.text = text;
    this.methods = methods;
  }

  static PlanParts bind(String text, Methods methods) {
    PlanBinder binder = new PlanBinder(text, methods);
    PlanParser.plan(text).forEach(binder::add);
    return binder.parts();
  }

  private void add(Part part) {
    Call call = part.call();
    if (call.name().equals(PROTECT)) {
      checkWhole(part, PROTECT + " is for the whole plan");
      protect(call);
      return;
    }
    MethodType type = methods.type(call.name(), text);
    Role role = type.role();
    if (role == Role.CODEC) {
      codecs.add(new CodecChoice.Named(part.prefix(), (Codec) type.read(call, methods)));
      return;
    }
    checkWhole(part, "%s is a %s".formatted(call.name(), role));
    Chosen before = chosen.get(role);
    if (before != null) {
      throw new KvPlanException(
          "%s and %s are both a %s; a plan has one".formatted(before.name(), call.name(), role));
    }
    boolean takesKeep = role == Role.SCORER || role == Role.BUDGET;
    Call own = takesKeep ? withoutPlanKeys(call, type) : call;
    chosen.put(role, new Chosen(call.name(), type.read(own, methods)));
  }

  private static void checkWhole(Part part, String what) {
    if (!(part.prefix() instanceof Prefix.Whole)) {
      throw new KvPlanException("%s; k:, v: and layers= go before a codec only".formatted(what));
    }
  }

  private void protect(Call call) {
    if (protect.isPresent()) {
      throw new KvPlanException("protect stands twice; expected once");
    }
    if (call.args().isEmpty()) {
      throw new KvPlanException(
          "protect names nothing to protect; expected for example protect(sinks=4,recent=64)");
    }
    protect =
        Optional.of((Protection) new RecordText(PROTECT, Protection.class).read(call, methods));
  }

  /** Takes {@code keep} and {@code every} out of the parameters; the rest is the method's. */
  private Call withoutPlanKeys(Call call, MethodType type) {
    List<Arg> own = new ArrayList<>();
    for (Arg arg : call.args()) {
      switch (arg.key()) {
        case "keep" -> keep = Optional.of(stated("keep", keep, call, KeepText.keep(arg.value())));
        case "every" ->
            every = Optional.of(stated("every", every, call, KeepText.every(arg.value())));
        default -> own.add(arg);
      }
    }
    List<String> known = Stream.concat(PLAN_KEYS.stream(), type.paramNames().stream()).toList();
    for (Arg arg : own) {
      if (!known.contains(arg.key())) {
        throw RecordText.unknown(call.name(), arg.key(), known);
      }
    }
    return new Call(call.name(), own);
  }

  private static <T> Stated<T> stated(String key, Optional<Stated<T>> before, Call call, T value) {
    if (before.isPresent()) {
      throw new KvPlanException(
          "%s stands twice, on %s and on %s; expected once"
              .formatted(key, before.get().method(), call.name()));
    }
    return new Stated<>(call.name(), value);
  }

  private PlanParts parts() {
    Optional<Scorer> scorer =
        Optional.ofNullable(chosen.get(Role.SCORER)).map(c -> (Scorer) c.method());
    Budget budget = budget(scorer);
    if (scorer.isEmpty() && keep.isPresent()) {
      scorer = Optional.of(scorer(budget.defaultScorer()));
    }
    checkKeep();
    checkNothingIsIdle(scorer.isPresent());
    scorer.ifPresent(budget::check);
    scorer.ifPresent(this::checkReplay);
    PlanParts parts =
        new PlanParts(
            scorer,
            keep.map(Stated::value).orElse(Keep.ALL),
            every.map(e -> OptionalInt.of(e.value())).orElse(budget.every()),
            protect,
            budget,
            budget.decodingScorer().map(this::scorer),
            (Merger) method(Role.MERGER),
            CodecChoice.of(codecs, (Codec) methods.neutral(Role.CODEC)),
            (Reader) method(Role.READER),
            (Reuse) method(Role.REUSE));
    parts.codecs().check(parts.drops());
    return parts;
  }

  private Budget budget(Optional<Scorer> scorer) {
    if (chosen.containsKey(Role.BUDGET)) {
      return (Budget) method(Role.BUDGET);
    }
    return scorer
        .flatMap(Scorer::defaultBudget)
        .map(name -> (Budget) methods.type(name, name).read(new Call(name, List.of()), methods))
        .orElseGet(() -> (Budget) methods.neutral(Role.BUDGET));
  }

  /** The prompt is read a second time at its end, and never again. */
  private void checkReplay(Scorer scorer) {
    if (every.isPresent() && scorer.needs().replay().isPresent()) {
      throw new KvPlanException(
          "%s: every=%d cannot be; its scores come from a second reading of the prompt"
              .formatted(every.get().method(), every.get().value()));
    }
  }

  private Record method(Role role) {
    Chosen named = chosen.get(role);
    return named == null ? methods.neutral(role) : named.method();
  }

  private Scorer scorer(String plan) {
    Call call = PlanParser.plan(plan).getFirst().call();
    return (Scorer) methods.type(call.name(), plan).read(call, methods);
  }

  /** A method that drops pairs must be told how many; silence never means a number. */
  private void checkKeep() {
    if (keep.isPresent()) {
      return;
    }
    for (Role role : List.of(Role.SCORER, Role.BUDGET)) {
      Chosen named = chosen.get(role);
      if (named != null && (every.isPresent() || !neutral(role))) {
        throw new KvPlanException(
            "%s: keep is missing; expected how much stays, for example %s(keep=25%%)"
                .formatted(named.name(), named.name()));
      }
    }
  }

  private boolean neutral(Role role) {
    return role.neutral().isPresent() && method(role).equals(methods.neutral(role));
  }

  /** What would do nothing without a scorer is refused, not ignored. */
  private void checkNothingIsIdle(boolean scored) {
    if (scored) {
      return;
    }
    if (protect.isPresent()) {
      throw idle(PROTECT);
    }
    if (!neutral(Role.MERGER)) {
      throw idle(MethodType.about(method(Role.MERGER).getClass()).value());
    }
  }

  private static KvPlanException idle(String name) {
    return new KvPlanException(
        "%s has no effect in a plan that drops nothing; expected a scorer, for example snapkv(keep=25%%)"
            .formatted(name));
  }
}
