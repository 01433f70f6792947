package io.kvasir.eval.sweep;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One line of a plan file, read from left to right. Columns count characters from 1.
 *
 * <p>Sets are expanded here; whether the result is a plan, {@link PlanFile} asks the plan's own
 * parser.
 */
final class PlanLine {
  /** What one line may expand to: more than anyone can weigh. */
  static final int MOST_PLANS = 4096;

  private static final int DEEPEST = 8; // as deep as methods may be nested in a plan
  private static final int END = -1;

  private final String place; // file:line
  private final String text;
  private final Map<String, List<String>> sets;
  private int at;

  /**
   * @param place {@code file:line}
   * @param text without its comment
   * @param sets what is defined so far, by name
   */
  PlanLine(String place, String text, Map<String, List<String>> sets) {
    this.place = place;
    this.text = text;
    this.sets = sets;
  }

  /** Whether nothing but spaces is left. */
  boolean ended() {
    return peek() == END;
  }

  /** The column of what comes next. */
  int column() {
    peek();
    return at + 1;
  }

  /** Passes {@code word} if it comes next, as a whole word. */
  boolean takeWord(String word) {
    int start = at;
    peek();
    if (run().equals(word)) {
      return true;
    }
    at = start;
    return false;
  }

  /** Passes {@code label =} if that comes next; {@code layers=} begins a plan. */
  String takeLabel() {
    int start = at;
    peek();
    String label = run();
    if (label.isEmpty() || label.equals("layers") || peek() != '=') {
      at = start;
      return "";
    }
    at++;
    return label;
  }

  /** A name, a label, a key. */
  String word(String what) {
    peek();
    String word = run();
    if (word.isEmpty()) {
      throw expected(what);
    }
    return word;
  }

  void require(char c, String where) {
    if (peek() != c) {
      throw expected("\"" + c + "\" " + where);
    }
    at++;
  }

  boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  void requireEnd() {
    if (!ended()) {
      throw expected("the end of the line");
    }
  }

  /** The text between two double quotes. */
  String quoted() {
    require('"', "before the name of a file");
    int end = text.indexOf('"', at);
    if (end < 0) {
      throw refused(at, "the name of a file has no end; expected a second \"");
    }
    String inside = text.substring(at, end);
    at = end + 1;
    return inside;
  }

  /** What stands until one of {@code stops} or the end, without spaces around it. */
  String until(String stops) {
    int start = at;
    while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at).strip();
  }

  /** What was passed since a column, without spaces around it. */
  String from(int column) {
    return text.substring(column - 1, at).strip();
  }

  /** A plan up to {@code @} or the end, with every set in it expanded. */
  List<Expansion> plans() {
    return expand("@", false, 0);
  }

  /** {@code "{" value { "," value } "}"} */
  List<String> set() {
    return set(0);
  }

  private List<String> set(int depth) {
    int start = column();
    require('{', "before the values of a set");
    if (depth > DEEPEST) {
      throw refused(start, "sets are nested deeper than " + DEEPEST);
    }
    List<String> values = new ArrayList<>();
    do {
      int column = column();
      for (Expansion value : expand(",}", true, depth + 1)) {
        String element = value.text().strip();
        if (element.isEmpty()) {
          throw refused(column, "a set has an empty value; expected for example {2,4}");
        }
        if (values.contains(element)) {
          throw refused(column, Quote.of(element) + " stands twice in a set; expected once");
        }
        values.add(element);
      }
    } while (take(','));
    require('}', "or \",\" after a value of a set");
    return values;
  }

  /**
   * What the text up to one of {@code stops}, outside of parentheses, may stand for.
   *
   * @param asValue whether it may begin with a set, as a value may
   */
  private List<Expansion> expand(String stops, boolean asValue, int depth) {
    List<Expansion> expansions = Expansion.NOTHING;
    String key = "";
    boolean value = asValue; // whether a value comes next
    int open = 0;
    for (int c = next(); c != END && (open > 0 || stops.indexOf(c) < 0); c = next()) {
      if (c == '{' || c == '$') {
        if (!value) {
          throw refused(
              at + 1, "a set stands in the place of a value, behind \"key=\", and nowhere else");
        }
        int column = at + 1;
        List<String> values = c == '{' ? set(depth) : named();
        if ((long) expansions.size() * values.size() > MOST_PLANS) {
          throw refused(column, "the line stands for more than %d plans".formatted(MOST_PLANS));
        }
        expansions = Expansion.product(expansions, key, values);
        value = false;
        continue;
      }
      String piece = isName(c) ? run() : text.substring(at, ++at);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      value = c == '=' && open > 0 || value && Character.isWhitespace(c);
      key = isName(c) ? piece : key;
      expansions = expansions.stream().map(expansion -> expansion.then(piece)).toList();
    }
    return expansions;
  }

  private List<String> named() {
    int column = column();
    at++;
    String name = word("the name of a set after \"$\"");
    List<String> values = sets.get(name);
    if (values == null) {
      List<String> near = Nearest.to(name, sets.keySet());
      throw refused(
          column,
          "$%s is not defined%s; expected a line \"let %s = {...}\" before this one"
              .formatted(
                  Quote.bare(name),
                  near.isEmpty() ? "" : ", nearest: $" + String.join(", $", near),
                  Quote.bare(name)));
    }
    return values;
  }

  /** The column at which {@code found} stands as a whole word from {@code from} on, else that. */
  int columnOf(String found, int from) {
    for (int i = text.indexOf(found, from - 1); i >= 0; i = text.indexOf(found, i + 1)) {
      int end = i + found.length();
      if ((i == 0 || !isName(text.charAt(i - 1)))
          && (end == text.length() || !isName(text.charAt(end)))) {
        return i + 1;
      }
    }
    return from;
  }

  String place(int column) {
    return place + ":" + column;
  }

  InputException refused(int column, String message) {
    return new InputException(place(column) + ": " + message);
  }

  private InputException expected(String what) {
    int found = peek();
    return refused(
        at + 1,
        "expected %s, found %s"
            .formatted(
                what, found == END ? "the end of the line" : Quote.of(text.substring(at, at + 1))));
  }

  private String run() {
    int start = at;
    while (at < text.length() && isName(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** The next character that is no space, or {@link #END}. */
  private int peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return next();
  }

  private int next() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private static boolean isName(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }
}
