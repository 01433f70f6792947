package io.kvasir.eval.sweep;

import io.kvasir.eval.InputException;
import io.kvasir.eval.TextFile;
import io.kvasir.kv.KvPlan;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.PrefillMode;
import io.kvasir.kv.Quote;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plans of a sweep, as people write them down:
 *
 * <pre>
 *   line = [ "let" NAME "=" set | "include" STRING | [ label "=" ] plan [ "@" key "=" value { "," ... } ] ]
 *          [ "#" comment ]
 *   plan = KvPlan text; an argument value may be a set or $NAME: take the product
 *   set  = "{" value { "," value } "}"        key = prefill | tag
 *
 *   let K = {50%,25%,512}
 *   snap = snapkv(keep=$K) | protect(sinks=4,recent=64) | kivi(bits={2,4}) @ prefill=exact
 * </pre>
 *
 * <p>A line with sets stands for its product, the leftmost set varying slowest: above, 50% with 2
 * bits, 50% with 4, 25% with 2 and so on. {@code $NAME} stands for its set, so two of them in a
 * line are two factors; it is defined once, before its first use, and holds in the files read after
 * it, too. An included file is looked for beside the one that includes it and read once; files that
 * include each other are refused, and so is what stands twice: a plan with the same prefill, a
 * label, a name.
 */
public final class PlanFile {
  private static final int MOST_CHARACTERS = 1 << 16; // of a line
  private static final int DEEPEST = 16; // files that include files
  private static final List<String> KEYS = List.of("prefill", "tag");

  /** What {@link KvPlan} does not know, and so which word of the line is meant. */
  private static final Pattern UNKNOWN = Pattern.compile("unknown [a-z]+ \"([^\"]+)\"");

  private final Map<String, List<String>> sets = new HashMap<>();
  private final Map<String, String> places = new HashMap<>(); // of names, labels, plans
  private final Set<Path> reading = new LinkedHashSet<>(); // outermost first
  private final Set<Path> read = new LinkedHashSet<>();
  private final List<SweepPlan> plans = new ArrayList<>();

  private PlanFile() {}

  /**
   * The plans of a file and of those that it includes, in order; at least one.
   *
   * @throws InputException one sentence that begins with {@code file:line:column}
   */
  public static List<SweepPlan> read(Path file) {
    PlanFile reader = new PlanFile();
    reader.include(file);
    if (reader.plans.isEmpty()) {
      throw new InputException(
          file + " names no plan; expected one in a line, such as kivi(bits=2)");
    }
    return List.copyOf(reader.plans);
  }

  private void include(Path file) {
    Path identity = file.toAbsolutePath().normalize();
    if (!read.add(identity)) {
      return;
    }
    reading.add(identity);
    List<String> lines = TextFile.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String place = file + ":" + (i + 1);
      if (lines.get(i).length() > MOST_CHARACTERS) {
        throw new InputException(
            "%s:1: the line has %d characters; expected at most %d"
                .formatted(place, lines.get(i).length(), MOST_CHARACTERS));
      }
      line(new PlanLine(place, withoutComment(lines.get(i)), sets), file);
    }
    reading.remove(identity);
  }

  /** A {@code #} inside of quotes is part of a file's name. */
  private static String withoutComment(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      quoted ^= line.charAt(i) == '"';
      if (line.charAt(i) == '#' && !quoted) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  private void line(PlanLine line, Path file) {
    if (line.ended()) {
      return;
    }
    int column = line.column();
    if (line.takeWord("let")) {
      let(line);
    } else if (line.takeWord("include")) {
      included(line, file, column);
    } else {
      plan(line, column);
    }
  }

  private void let(PlanLine line) {
    int column = line.column();
    String name = line.word("the name of a set after \"let\"");
    once(line, column, "$" + name);
    line.require('=', "after " + Quote.of(name));
    List<String> values = line.set();
    line.requireEnd();
    sets.put(name, values);
  }

  private void included(PlanLine line, Path from, int column) {
    String name = line.quoted();
    line.requireEnd();
    Path file;
    try {
      file = from.resolveSibling(name);
    } catch (InvalidPathException e) {
      throw line.refused(column, Quote.of(name) + " is no name of a file");
    }
    if (reading.contains(file.toAbsolutePath().normalize())) {
      throw line.refused(
          column,
          "files include each other: %s"
              .formatted(
                  Stream.concat(reading.stream(), Stream.of(file))
                      .map(path -> String.valueOf(path.getFileName()))
                      .collect(Collectors.joining(" -> "))));
    }
    if (reading.size() == DEEPEST) {
      throw line.refused(column, "files are included deeper than " + DEEPEST);
    }
    if (!Files.isRegularFile(file)) {
      throw line.refused(column, file + " is no file; expected one with plans or sets");
    }
    include(file);
  }

  private void plan(PlanLine line, int column) {
    String label = line.takeLabel();
    int start = line.column();
    List<Expansion> expansions = line.plans();
    String family = label.isEmpty() ? line.from(start) : label;
    Optional<PrefillMode> prefill = Optional.empty();
    Optional<String> tag = Optional.empty();
    if (line.take('@')) {
      Map<String, String> settings = settings(line);
      prefill = Optional.ofNullable(settings.get("prefill")).map(PrefillMode::parse);
      tag = Optional.ofNullable(settings.get("tag"));
    }
    if (!label.isEmpty()) {
      once(line, column, "label " + label);
    }
    for (Expansion expansion : expansions) {
      String text = expansion.text().strip();
      KvPlan plan = parse(line, start, text);
      once(line, start, plan + prefill.map(mode -> " @ prefill=" + mode).orElse(""));
      String name = label.isEmpty() ? text : expansion.label(label);
      plans.add(
          new SweepPlan(name, family, expansion.choices(), plan, prefill, tag, line.place(column)));
    }
  }

  private static KvPlan parse(PlanLine line, int column, String text) {
    try {
      return KvPlan.parse(text);
    } catch (KvPlanException e) {
      String message = String.valueOf(e.getMessage());
      Matcher unknown = UNKNOWN.matcher(message);
      int at = unknown.find() ? line.columnOf(unknown.group(1), column) : column;
      throw line.refused(at, message);
    }
  }

  private static Map<String, String> settings(PlanLine line) {
    Map<String, String> settings = new HashMap<>();
    do {
      int column = line.column();
      String key = line.word("prefill or tag after \"@\"");
      if (!KEYS.contains(key)) {
        List<String> near = Nearest.to(key, KEYS);
        throw line.refused(
            column,
            "unknown key %s%s; known: prefill, tag"
                .formatted(
                    Quote.of(key), near.isEmpty() ? "" : ", nearest: " + String.join(", ", near)));
      }
      line.require('=', "after " + Quote.of(key));
      int valueColumn = line.column();
      String value = line.until(",");
      check(line, valueColumn, key, value);
      if (settings.putIfAbsent(key, value) != null) {
        throw line.refused(column, key + " stands twice; expected once");
      }
    } while (line.take(','));
    return settings;
  }

  private static void check(PlanLine line, int column, String key, String value) {
    if (value.isEmpty()) {
      throw line.refused(column, key + " has no value; expected one behind \"=\"");
    }
    if (key.equals("prefill")) {
      try {
        PrefillMode.parse(value);
      } catch (IllegalArgumentException e) {
        throw line.refused(column, String.valueOf(e.getMessage()));
      }
    }
  }

  /** Refuses the second of two equal things, saying where the first is. */
  private void once(PlanLine line, int column, String what) {
    String before = places.putIfAbsent(what, line.place(column));
    if (before != null) {
      throw line.refused(column, "%s stands at %s already".formatted(Quote.bare(what), before));
    }
  }
}
