package io.kvasir.eval.claim;

import io.kvasir.eval.Digest;
import io.kvasir.eval.InputException;
import io.kvasir.eval.sweep.SweepPlan;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Task;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.PrefillMode;
import io.kvasir.kv.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a family of claims from YAML.
 *
 * <pre>
 *   - id: kivi-2bit-near-full
 *     source: "KIVI 2402.02750: LongBench-15 38.72 full, 38.30 at 2 bits, LongChat-7B"
 *     let: { A: "kivi(bits=2,group=32,window=128)" }
 *     where: { tasks: lookup, protocol: blind, prefill: exact, ctx: [2k, 4k] }
 *     expect: score(A) >= 0.98 * score(f16)
 * </pre>
 *
 * <p>{@code where} and all in it may be left out: tasks are then what the metrics are measured on,
 * the protocol {@code blind}, the prefill what suits the plan, contexts of 2k and 4k. A plan may
 * differ from it, {@code "snapkv(keep=25%) @ protocol=aware"}. {@code match: bytes} moves {@code
 * keep} until all plans hold equally many bytes. An entry that cannot be tested has {@code needs}
 * in place of {@code expect}, or beside it.
 */
final class ClaimFile {
  private static final List<String> KEYS =
      List.of("id", "source", "let", "where", "match", "expect", "needs");

  private static final List<String> WHERE = List.of("tasks", "protocol", "prefill", "ctx");
  private static final List<String> SETTINGS = List.of("protocol", "prefill");
  private static final Pattern ID = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");
  private static final Pattern PLAN = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
  private static final Pattern CTX = Pattern.compile("([1-9][0-9]{0,6})(k?)");
  private static final List<Integer> CTXS = List.of(2048, 4096);

  private ClaimFile() {}

  /**
   * The claims of a text.
   *
   * @param file what it is called in refusals
   * @throws InputException one sentence that begins with {@code file:line}
   */
  static List<Claim> parse(String file, String text) {
    List<Claim> claims = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (Yaml entry : Yaml.parse(file, text).list()) {
      Claim claim = claim(entry);
      String before = places.putIfAbsent(claim.id(), claim.place());
      if (before != null) {
        throw entry.refused(
            "claim %s stands at %s already; expected once".formatted(claim.id(), before));
      }
      claims.add(claim);
    }
    return List.copyOf(claims);
  }

  private static Claim claim(Yaml entry) {
    Map<String, Yaml> keys = entry.map(KEYS);
    Map<String, Yaml> where =
        Optional.ofNullable(keys.get("where")).map(yaml -> yaml.map(WHERE)).orElse(Map.of());
    Map<String, Claim.Named> let = let(entry, keys, where);
    Optional<Expectation> expectation =
        Optional.ofNullable(keys.get("expect")).map(yaml -> expectation(yaml, let.keySet()));
    Optional<String> needs = Optional.ofNullable(keys.get("needs")).map(Yaml::text);
    if (expectation.isEmpty() && needs.isEmpty()) {
      throw entry.refused("neither expect nor needs is there; expected one of them");
    }
    Set<Metric.Of> of =
        expectation.stream()
            .flatMap(e -> e.columns().stream())
            .map(column -> column.metric().of())
            .collect(Collectors.toSet());
    List<Yaml> written = Optional.ofNullable(where.get("tasks")).map(Yaml::list).orElse(List.of());
    List<Task> tasks = ClaimTasks.of(written, of);
    return new Claim(
        id(required(entry, keys, "id")),
        required(entry, keys, "source").text(),
        let,
        f16(where, let),
        tasks,
        ctxs(where),
        equalBytes(keys, let),
        expectation,
        needs,
        Digest.hex(entry.canonical()),
        entry.place());
  }

  private static Yaml required(Yaml entry, Map<String, Yaml> keys, String key) {
    return Optional.ofNullable(keys.get(key))
        .orElseThrow(() -> entry.refused("%s is missing; expected one".formatted(key)));
  }

  private static String id(Yaml yaml) {
    String id = yaml.text();
    if (!ID.matcher(id).matches()) {
      throw yaml.refused(
          "id %s; expected small letters, digits and hyphens".formatted(Quote.of(id)));
    }
    return id;
  }

  private static Expectation expectation(Yaml yaml, Set<String> plans) {
    Set<String> known =
        Stream.concat(plans.stream(), Stream.of(Claim.F16)).collect(Collectors.toSet());
    Expectation read;
    try {
      read = ExpectationParser.parse(yaml.text(), known);
    } catch (InputException e) {
      throw yaml.refused(String.valueOf(e.getMessage()));
    }
    Set<Metric.Of> of =
        read.columns().stream().map(column -> column.metric().of()).collect(Collectors.toSet());
    of.remove(Metric.Of.EITHER);
    if (of.size() > 1) {
      throw yaml.refused(
          "%s mixes what is measured on lookups, on texts and as cost; expected one of them"
              .formatted(Quote.of(read.text())));
    }
    for (String plan : plans) {
      if (read.columns().stream().noneMatch(column -> column.plan().equals(plan))) {
        throw yaml.refused(
            "plan %s is not in %s; expected each in it".formatted(plan, Quote.of(read.text())));
      }
    }
    return read;
  }

  private static Map<String, Claim.Named> let(
      Yaml entry, Map<String, Yaml> keys, Map<String, Yaml> where) {
    Map<String, Claim.Named> let = new LinkedHashMap<>();
    required(entry, keys, "let")
        .map()
        .forEach(
            (name, yaml) -> {
              if (!PLAN.matcher(name).matches() || name.equals(Claim.F16)) {
                throw yaml.refused(
                    "plan name %s; expected letters and digits, and not f16"
                        .formatted(Quote.of(name)));
              }
              let.put(name, named(yaml, where));
            });
    return let;
  }

  private static Claim.Named named(Yaml yaml, Map<String, Yaml> where) {
    String[] parts = yaml.text().split("@", 2);
    String text = parts[0].strip();
    Map<String, String> own = parts.length == 1 ? Map.of() : settings(yaml, parts[1]);
    KvPlan plan;
    try {
      plan = KvPlan.parse(text);
    } catch (KvPlanException e) {
      throw yaml.refused(String.valueOf(e.getMessage()));
    }
    Protocol protocol =
        own.containsKey("protocol")
            ? protocol(yaml, own.get("protocol"))
            : protocol(where).orElse(Protocol.BLIND);
    PrefillMode prefill =
        own.containsKey("prefill")
            ? prefill(yaml, own.get("prefill"))
            : prefill(where).orElseGet(() -> SweepPlan.standardPrefill(plan));
    return new Claim.Named(text, plan, new Reading(protocol, prefill));
  }

  private static Map<String, String> settings(Yaml yaml, String text) {
    Map<String, String> settings = new HashMap<>();
    for (String one : text.split(",", -1)) {
      String[] pair = one.split("=", 2);
      String key = pair[0].strip();
      if (!SETTINGS.contains(key) || pair.length == 1) {
        throw yaml.refused(
            "%s behind \"@\"; expected protocol=... or prefill=...".formatted(Quote.of(one)));
      }
      settings.put(key, pair[1].strip());
    }
    return settings;
  }

  /** f16 is weighed as where says; else as the first plan is, so that they can be compared. */
  private static Reading f16(Map<String, Yaml> where, Map<String, Claim.Named> let) {
    Reading standard =
        let.values().stream()
            .map(Claim.Named::reading)
            .findFirst()
            .orElse(new Reading(Protocol.BLIND, PrefillMode.EXACT));
    return new Reading(
        protocol(where).orElse(standard.protocol()), prefill(where).orElse(standard.prefill()));
  }

  private static Optional<Protocol> protocol(Map<String, Yaml> where) {
    return Optional.ofNullable(where.get("protocol")).map(yaml -> protocol(yaml, yaml.text()));
  }

  private static Protocol protocol(Yaml yaml, String name) {
    return Stream.of(Protocol.values())
        .filter(protocol -> protocol.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                yaml.refused(
                    "protocol %s; expected blind, aware or turns".formatted(Quote.of(name))));
  }

  private static Optional<PrefillMode> prefill(Map<String, Yaml> where) {
    return Optional.ofNullable(where.get("prefill")).map(yaml -> prefill(yaml, yaml.text()));
  }

  private static PrefillMode prefill(Yaml yaml, String text) {
    try {
      return PrefillMode.parse(text);
    } catch (IllegalArgumentException e) {
      throw yaml.refused(String.valueOf(e.getMessage()));
    }
  }

  private static List<Integer> ctxs(Map<String, Yaml> where) {
    return Optional.ofNullable(where.get("ctx"))
        .map(yaml -> yaml.list().stream().map(ClaimFile::ctx).distinct().sorted().toList())
        .orElse(CTXS);
  }

  private static int ctx(Yaml yaml) {
    Matcher form = CTX.matcher(yaml.text());
    if (!form.matches()) {
      throw yaml.refused(
          "ctx %s is no number of tokens, such as 512 or 4k".formatted(Quote.of(yaml.text())));
    }
    return Math.multiplyExact(Integer.parseInt(form.group(1)), form.group(2).isEmpty() ? 1 : 1024);
  }

  private static boolean equalBytes(Map<String, Yaml> keys, Map<String, Claim.Named> let) {
    Optional<Yaml> match = Optional.ofNullable(keys.get("match"));
    match.ifPresent(
        yaml -> {
          if (!yaml.text().equals("bytes")) {
            throw yaml.refused("match %s; expected bytes".formatted(Quote.of(yaml.text())));
          }
          if (let.size() < 2 || let.values().stream().noneMatch(named -> named.plan().drops())) {
            throw yaml.refused(
                "match moves keep until plans hold equal bytes; expected two plans, one of them with keep");
          }
        });
    return match.isPresent();
  }
}
