package io.kvasir.eval.claim;

import io.kvasir.eval.InputException;
import io.kvasir.eval.claim.Expression.Constant;
import io.kvasir.eval.claim.Expression.Joined;
import io.kvasir.eval.claim.Expression.Mean;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads an expectation.
 *
 * <pre>
 *   expectation = sum ( "<" | "<=" | ">" | ">=" ) sum
 *   sum         = product { ( "+" | "-" ) product }
 *   product     = factor { ( "*" | "/" ) factor }
 *   factor      = NUMBER [ "%" ] | METRIC "(" PLAN ")" | "(" sum ")" | "-" factor
 * </pre>
 */
final class ExpectationParser {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?|[A-Za-z][A-Za-z0-9]*|<=|>=|[-+*/()<>%])");

  private static final int LONGEST = 500;
  private static final int DEEPEST = 16;
  private static final String END = "";

  private final String text;
  private final Set<String> plans;
  private final Matcher tokens;
  private String token = END;
  private int depth;

  private ExpectationParser(String text, Set<String> plans) {
    this.text = text;
    this.plans = plans;
    this.tokens = TOKEN.matcher(text);
    next();
  }

  /**
   * @param plans that may be named
   * @throws InputException one sentence: where it is wrong, and what was expected
   */
  static Expectation parse(String text, Set<String> plans) {
    if (text.length() > LONGEST) {
      throw new InputException(
          "the expectation has %d characters; expected at most %d"
              .formatted(text.length(), LONGEST));
    }
    return new ExpectationParser(text.strip(), plans).expectation();
  }

  private Expectation expectation() {
    Expression left = sum();
    String sign = token;
    Comparison comparison =
        List.of(Comparison.values()).stream()
            .filter(one -> one.toString().equals(sign))
            .findFirst()
            .orElseThrow(() -> expected("one of < <= > >="));
    next();
    Expression right = sum();
    if (!token.equals(END)) {
      throw expected("its end");
    }
    Expectation read = new Expectation(text, left, comparison, right);
    if (read.columns().isEmpty()) {
      throw new InputException(
          "%s compares numbers; expected a metric of a plan".formatted(Quote.of(text)));
    }
    return read;
  }

  private Expression sum() {
    return joined("+-", this::product);
  }

  private Expression product() {
    return joined("*/", this::factor);
  }

  @FunctionalInterface
  private interface Part {
    Expression read();
  }

  private Expression joined(String signs, Part part) {
    Expression left = part.read();
    while (!token.equals(END) && signs.contains(token)) {
      char by = token.charAt(0);
      next();
      left = new Joined(left, by, part.read());
    }
    return left;
  }

  private Expression factor() {
    if (++depth > DEEPEST) {
      throw new InputException("%s is nested deeper than %d".formatted(Quote.of(text), DEEPEST));
    }
    Expression factor = unnested();
    depth--;
    return factor;
  }

  private Expression unnested() {
    if (take("-")) {
      return new Joined(new Constant(0), '-', factor());
    }
    if (take("(")) {
      Expression inner = sum();
      require(")");
      return inner;
    }
    if (!token.equals(END) && Character.isDigit(token.charAt(0))) {
      double number = Double.parseDouble(token);
      next();
      return new Constant(take("%") ? number / 100 : number);
    }
    Metric metric = known("metric", Metric.names(), name -> Metric.find(name).orElseThrow());
    require("(");
    String plan = known("plan", plans, name -> name);
    require(")");
    return new Mean(new Column(metric, plan));
  }

  private <T> T known(String what, Collection<String> names, Function<String, T> find) {
    if (token.equals(END) || !Character.isLetter(token.charAt(0))) {
      throw expected("a " + what);
    }
    if (!names.contains(token)) {
      List<String> near = Nearest.to(token, names);
      throw new InputException(
          "unknown %s %s in %s%s; known: %s"
              .formatted(
                  what,
                  Quote.of(token),
                  Quote.of(text),
                  near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                  names.stream().sorted().collect(Collectors.joining(", "))));
    }
    T found = find.apply(token);
    next();
    return found;
  }

  private boolean take(String wanted) {
    boolean there = token.equals(wanted);
    if (there) {
      next();
    }
    return there;
  }

  private void require(String wanted) {
    if (!take(wanted)) {
      throw expected("\"" + wanted + "\"");
    }
  }

  private void next() {
    int at = tokens.hasMatch() ? tokens.end() : 0;
    if (at == text.length()) {
      token = END;
    } else if (tokens.find(at) && tokens.start() == at) {
      token = tokens.group(1);
    } else {
      throw new InputException(
          "%s: %s at character %d is no number, metric, plan or sign"
              .formatted(Quote.of(text), Quote.of(text.substring(at).strip()), at + 1));
    }
  }

  private InputException expected(String what) {
    return new InputException(
        "%s: expected %s %s"
            .formatted(
                Quote.of(text),
                what,
                token.equals(END)
                    ? "at its end"
                    : "in place of %s at character %d"
                        .formatted(Quote.of(token), tokens.start(1) + 1)));
  }
}
