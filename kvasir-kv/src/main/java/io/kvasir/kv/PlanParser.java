package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Amount;
import io.kvasir.kv.PlanSyntax.Arg;
import io.kvasir.kv.PlanSyntax.Call;
import io.kvasir.kv.PlanSyntax.Name;
import io.kvasir.kv.PlanSyntax.Part;
import io.kvasir.kv.PlanSyntax.Prefix;
import io.kvasir.kv.PlanSyntax.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Reads the grammar of plans, and only it: what names mean is {@link PlanBinder}'s part.
 *
 * <pre>
 *   plan   = part { "|" part }
 *   part   = [ ("k" | "v" | "layers=" INT "-" INT) ":" ] method
 *   method = NAME [ "(" KEY "=" value { "," KEY "=" value } ")" ]
 *   value  = number | percent | bytes | word | method
 * </pre>
 *
 * <p>Spaces may stand between any two tokens. One pass over the text without going back; its
 * length, the nesting of methods and the length of a number are limited.
 */
final class PlanParser {
  static final int LONGEST_PLAN = 4096;
  static final int DEEPEST = 8;
  private static final int LONGEST_NUMBER = 24;
  private static final int LONGEST_LAYER = 6; // digits: an int, far beyond any model
  private static final int END = -1;

  private final String text;
  private int at;

  private PlanParser(String text) {
    this.text = text;
  }

  /**
   * @throws KvPlanException where the text departs from the grammar
   */
  static List<Part> plan(String text) {
    if (text.length() > LONGEST_PLAN) {
      throw new KvPlanException(
          "the plan %s has %d characters; expected at most %d"
              .formatted(Quote.of(text), text.length(), LONGEST_PLAN));
    }
    if (text.isBlank()) {
      throw new KvPlanException(
          "the plan is empty; expected methods separated by \"|\", for example snapkv(keep=25%) | q8");
    }
    return new PlanParser(text).plan();
  }

  /** Reads a value that stands alone, as the default of a {@link Param} does. */
  static Value value(String text) {
    PlanParser parser = new PlanParser(text);
    Value value = parser.value(0);
    parser.expectEnd();
    return value;
  }

  private List<Part> plan() {
    List<Part> parts = new ArrayList<>();
    do {
      parts.add(part());
    } while (take('|'));
    if (peek() != END) {
      throw expected("\"|\" or the end of the plan");
    }
    return List.copyOf(parts);
  }

  private Part part() {
    String name = word("a method name");
    if (peek() == '=' && name.equals("layers")) {
      take('=');
      Prefix layers = layers();
      return new Part(layers, call(word("a method name"), 0));
    }
    if (!take(':')) {
      return new Part(new Prefix.Whole(), call(name, 0));
    }
    Prefix prefix =
        switch (name) {
          case "k" -> new Prefix.Keys();
          case "v" -> new Prefix.Values();
          default ->
              throw new KvPlanException(
                  "unknown prefix %s in %s; expected k:, v: or layers=0-3:"
                      .formatted(Quote.of(name + ":"), Quote.of(text)));
        };
    return new Part(prefix, call(word("a method name"), 0));
  }

  private Prefix layers() {
    int first = layer();
    require('-', "after the first layer");
    int last = layer();
    require(':', "after the last layer");
    if (last < first) {
      throw new KvPlanException(
          "layers=%d-%d: ends before it starts; expected layers=%d-%d:"
              .formatted(first, last, last, first));
    }
    return new Prefix.Layers(first, last);
  }

  private int layer() {
    peek();
    String digits = run(PlanParser::isDigit);
    if (digits.isEmpty()) {
      throw expected("a layer number, counted from 0");
    }
    if (digits.length() > LONGEST_LAYER) {
      throw new KvPlanException("layer " + Quote.of(digits) + " is beyond any model");
    }
    return Integer.parseInt(digits);
  }

  private Call call(String name, int depth) {
    if (!take('(')) {
      return new Call(name, List.of());
    }
    if (depth == DEEPEST) {
      throw new KvPlanException(
          "methods are nested deeper than %d in %s".formatted(DEEPEST, Quote.of(text)));
    }
    List<Arg> args = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    do {
      String key = word("a parameter name");
      if (!keys.add(key)) {
        throw new KvPlanException(
            "%s: %s stands twice; expected once".formatted(Quote.bare(name), Quote.bare(key)));
      }
      require('=', "after " + Quote.of(key));
      args.add(new Arg(key, value(depth + 1)));
    } while (take(','));
    require(')', "or \",\" after the parameters of " + Quote.of(name));
    return new Call(name, List.copyOf(args));
  }

  private Value value(int depth) {
    int c = peek();
    int start = at;
    if (isDigit(c) || c == '-' || c == '+' || c == '.') {
      return amount(start);
    }
    Call call = call(word("a value"), depth);
    return new Name(text.substring(start, at).strip(), call);
  }

  private Amount amount(int start) {
    if (text.charAt(at) == '-' || text.charAt(at) == '+') {
      at++;
    }
    run(c -> isDigit(c) || c == '.');
    String number = text.substring(start, at);
    String unit = at < text.length() && text.charAt(at) == '%' ? "%" : "";
    at += unit.length();
    if (unit.isEmpty()) {
      unit = run(PlanParser::isNameCharacter);
    }
    String written = text.substring(start, at);
    if (number.length() > LONGEST_NUMBER) {
      throw new KvPlanException(
          "the number %s has %d characters; expected at most %d"
              .formatted(Quote.of(written), number.length(), LONGEST_NUMBER));
    }
    try {
      return new Amount(written, new BigDecimal(number), unit);
    } catch (NumberFormatException e) {
      throw new KvPlanException(
          "%s in %s is not a number; expected digits such as 32 or 0.5"
              .formatted(Quote.of(written), Quote.of(text)));
    }
  }

  private String word(String what) {
    peek();
    String word = run(PlanParser::isNameCharacter);
    if (word.isEmpty()) {
      throw expected(what);
    }
    return word;
  }

  private String run(IntPredicate allowed) {
    int start = at;
    while (at < text.length() && allowed.test(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean take(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private void require(char c, String where) {
    if (!take(c)) {
      throw expected("\"" + c + "\" " + where);
    }
  }

  private void expectEnd() {
    if (peek() != END) {
      throw expected("the end");
    }
  }

  /** The next character that is no space, or {@link #END}. */
  private int peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : END;
  }

  private KvPlanException expected(String what) {
    String found =
        at < text.length()
            ? Quote.of(text.substring(at, at + 1)) + " at character " + (at + 1)
            : "the end";
    return new KvPlanException(
        "expected %s, found %s in %s".formatted(what, found, Quote.of(text)));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameCharacter(int c) {
    return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
  }
}
