package io.kvasir.eval.task;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All tasks: registry and table of contents. */
public final class Tasks {
  /**
   * A task, or several that differ in one number.
   *
   * @param key of the number; empty when there is none
   * @param least of the number
   * @param standard when it is not given
   * @param most of the number
   */
  private record Kind(String key, int least, int standard, int most, IntFunction<Task> make) {
    static Kind of(Task task) {
      return new Kind("", 0, 0, 0, number -> task);
    }
  }

  private static final Map<String, Kind> ALL = new LinkedHashMap<>();

  static {
    ALL.put("text", Kind.of(new RealText()));
    Niah.ALL.forEach(niah -> ALL.put(niah.name(), Kind.of(niah)));
    ALL.put("passkey", new Kind("digits", Passkey.FEWEST, 5, Passkey.MOST, Passkey::new));
    ALL.put("kv", Kind.of(new KeyValue()));
    ALL.put("vt", new Kind("hops", 1, 4, VariableTracking.MOST_HOPS, VariableTracking::new));
    ALL.put("cwe", Kind.of(new CommonWords()));
    ALL.put("fwe", Kind.of(new FrequentWords()));
    ALL.put("code-find", Kind.of(new CodeFind()));
    ALL.put("code-const", Kind.of(new CodeConstant()));
    ALL.put("code-next", Kind.of(new CodeNext()));
    ALL.put("icl", Kind.of(new ManyShot()));
    ALL.put("copy", Kind.of(new CopyRows()));
    ALL.put("gen", Kind.of(new FreeText()));
  }

  /** {@code NAME}, {@code NAME*} or {@code NAME(KEY=NUMBER)}. */
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9-]*\\*?)(?:\\(\\s*([a-z]+)\\s*=\\s*([0-9]{1,6})\\s*\\))?");

  private Tasks() {}

  /** Every task once, with its standard parameters, in the order of the table of contents. */
  public static List<Task> all() {
    return ALL.values().stream().map(kind -> kind.make().apply(kind.standard())).toList();
  }

  /**
   * Reads a list such as {@code text,niah-*,vt(hops=2)}: names, names with a star for whatever
   * follows, and names with their number. A task that is named twice is taken once.
   *
   * @throws InputException an unknown task or parameter, with the nearest; a number out of range
   */
  public static List<Task> parse(String text) {
    Map<String, Task> tasks = new LinkedHashMap<>();
    for (String one : text.split(",", -1)) {
      named(one.strip()).forEach(task -> tasks.putIfAbsent(task.name(), task));
    }
    return List.copyOf(tasks.values());
  }

  private static List<Task> named(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InputException(
          "%s is no task; expected one such as kv, niah-* or vt(hops=2)".formatted(Quote.of(text)));
    }
    String name = form.group(1);
    String key = form.group(2);
    if (name.endsWith("*") && key == null) {
      String start = name.substring(0, name.length() - 1);
      List<Task> found =
          ALL.entrySet().stream()
              .filter(entry -> entry.getKey().startsWith(start))
              .map(entry -> entry.getValue().make().apply(entry.getValue().standard()))
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    Kind kind = ALL.get(name);
    if (kind == null) {
      throw unknown(name);
    }
    return List.of(
        kind.make().apply(key == null ? kind.standard() : number(name, kind, key, form.group(3))));
  }

  private static int number(String name, Kind kind, String key, String digits) {
    if (!key.equals(kind.key())) {
      throw new InputException(
          "%s: unknown parameter %s; %s"
              .formatted(
                  name,
                  Quote.of(key),
                  kind.key().isEmpty() ? "it takes none" : "known: " + kind.key()));
    }
    int number = Integer.parseInt(digits);
    if (number < kind.least() || number > kind.most()) {
      throw new InputException(
          "%s: %s=%d is not between %d and %d"
              .formatted(name, key, number, kind.least(), kind.most()));
    }
    return number;
  }

  private static InputException unknown(String name) {
    List<String> near = Nearest.to(name, ALL.keySet());
    return new InputException(
        "unknown task %s%s; known: %s"
            .formatted(
                Quote.of(name),
                near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                String.join(", ", ALL.keySet())));
  }
}
