package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Args;
import io.kvasir.engine.template.Expr.Comparator;
import io.kvasir.engine.template.Expr.Operator;
import io.kvasir.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Parses expressions: one method per level of precedence, loosest first. */
final class ExpressionParser {
  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.MODULO);
  private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);
  private static final Map<String, Comparator> COMPARATORS =
      Map.of(
          "==", Comparator.EQUAL,
          "!=", Comparator.NOT_EQUAL,
          "<", Comparator.LESS,
          "<=", Comparator.LESS_OR_EQUAL,
          ">", Comparator.GREATER,
          ">=", Comparator.GREATER_OR_EQUAL);

  private final TokenStream tokens;
  private final MacroNames macroNames;

  ExpressionParser(TokenStream tokens, MacroNames macroNames) {
    this.tokens = tokens;
    this.macroNames = macroNames;
  }

  /** An expression, or several with commas between them, which make a tuple. */
  Expr tupleOrExpression() {
    return tuple(this::expression, false);
  }

  /** Likewise without {@code if}, which means something else after {@code for} and {@code if}. */
  Expr tupleWithoutChoice() {
    return tuple(this::or, false);
  }

  private Expr tuple(Supplier<Expr> part, boolean mayBeEmpty) {
    List<Expr> parts = new ArrayList<>();
    boolean comma = false;
    while (!atTupleEnd()) {
      parts.add(part.get());
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    if (!comma && parts.size() == 1) {
      return parts.getFirst();
    }
    if (parts.isEmpty() && !mayBeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return new Expr.TupleOf(List.copyOf(parts));
  }

  private boolean atTupleEnd() {
    return tokens.at(Kind.PRINT_END) || tokens.at(Kind.BLOCK_END) || tokens.atOperator(")");
  }

  Expr expression() {
    tokens.enter();
    Expr value = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Optional<Expr> otherwise =
          tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Expr.Choice(test, value, otherwise);
    }
    tokens.leave();
    return value;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Or(left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.And(left, not());
    }
    return left;
  }

  private Expr not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expr value = new Expr.Not(not());
    tokens.leave();
    return value;
  }

  private Expr comparison() {
    Expr first = sum();
    List<Expr.Link> links = new ArrayList<>();
    for (Optional<Comparator> c = comparator(); c.isPresent(); c = comparator()) {
      links.add(new Expr.Link(c.get(), sum()));
    }
    return links.isEmpty() ? first : new Expr.Comparison(first, List.copyOf(links));
  }

  private Optional<Comparator> comparator() {
    if (tokens.skipName("in")) {
      return Optional.of(Comparator.IN);
    }
    if (tokens.atName("not") && tokens.lookAhead().isName("in")) {
      tokens.next();
      tokens.next();
      return Optional.of(Comparator.NOT_IN);
    }
    if (!tokens.at(Kind.OPERATOR)) {
      return Optional.empty();
    }
    Optional<Comparator> found = Optional.ofNullable(COMPARATORS.get(tokens.current().text()));
    found.ifPresent(comparator -> tokens.next());
    return found;
  }

  private Expr sum() {
    return binary(SUMS, this::concat);
  }

  private Expr concat() {
    Expr first = product();
    if (!tokens.atOperator("~")) {
      return first;
    }
    List<Expr> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return new Expr.Concat(List.copyOf(parts));
  }

  private Expr product() {
    return binary(PRODUCTS, () -> binary(POWERS, () -> unary(true)));
  }

  /** A chain of operators of one level, from the left (in Jinja powers too). */
  private Expr binary(Map<String, Operator> operators, Supplier<Expr> operand) {
    Expr left = operand.get();
    while (tokens.at(Kind.OPERATOR) && operators.containsKey(tokens.current().text())) {
      Operator operator = operators.getOrDefault(tokens.next().text(), Operator.ADD);
      left = new Expr.Binary(operator, left, operand.get());
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    Expr value;
    tokens.enter();
    if (tokens.skipOperator("-")) {
      value = new Expr.Negated(unary(false));
    } else if (tokens.skipOperator("+")) {
      value = new Expr.Positive(unary(false));
    } else {
      value = primary();
    }
    value = postfix(value);
    if (withFilters) {
      value = filtersAndTests(value);
    }
    tokens.leave();
    return value;
  }

  private Expr primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> name(tokens.next().text());
      case STRING -> strings();
      case INTEGER -> new Expr.Literal(integer());
      case FLOAT -> new Expr.Literal(Double.valueOf(tokens.next().text().replace("_", "")));
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesis();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
          };
      default -> throw tokens.unexpected("an expression");
    };
  }

  private Object integer() {
    int line = tokens.current().line();
    try {
      return Integers.literal(tokens.next().text());
    } catch (TemplateException e) {
      throw e.atLine(line);
    }
  }

  private Expr name(String name) {
    return switch (name) {
      case "true", "True" -> new Expr.Literal(true);
      case "false", "False" -> new Expr.Literal(false);
      case "none", "None" -> new Expr.Literal(None.NONE);
      default -> {
        macroNames.read(name);
        yield new Expr.Name(name);
      }
    };
  }

  /** Neighbouring literals are one, as in Python. */
  private Expr strings() {
    StringBuilder value = new StringBuilder();
    while (tokens.at(Kind.STRING)) {
      value.append(tokens.next().text());
    }
    return new Expr.Literal(value.toString());
  }

  private Expr parenthesis() {
    tokens.next();
    Expr value = tuple(this::expression, true);
    tokens.expectOperator(")");
    return value;
  }

  private Expr list() {
    List<Expr> items = new ArrayList<>();
    tokens.next();
    while (!tokens.atOperator("]")) {
      items.add(expression());
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("]");
    return new Expr.ListOf(List.copyOf(items));
  }

  private Expr dict() {
    List<Expr.Pair> pairs = new ArrayList<>();
    tokens.next();
    while (!tokens.atOperator("}")) {
      Expr key = expression();
      tokens.expectOperator(":");
      pairs.add(new Expr.Pair(key, expression()));
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(List.copyOf(pairs));
  }

  private Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = item(value);
      } else if (tokens.atOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr attribute(Expr of) {
    if (tokens.at(Kind.INTEGER)) {
      return new Expr.Item(of, new Expr.Literal(integer()));
    }
    return new Expr.Attribute(of, tokens.expect(Kind.NAME, "a name or number").text());
  }

  private Expr item(Expr of) {
    List<Expr> keys = new ArrayList<>();
    boolean comma = false;
    while (!tokens.atOperator("]")) {
      keys.add(subscript());
      if (!tokens.skipOperator(",")) {
        break;
      }
      comma = true;
    }
    tokens.expectOperator("]");
    boolean single = keys.size() == 1 && !comma;
    return new Expr.Item(of, single ? keys.getFirst() : new Expr.TupleOf(List.copyOf(keys)));
  }

  private Expr subscript() {
    Optional<Expr> start = sliceBound();
    if (start.isPresent() && !tokens.atOperator(":")) {
      return start.get();
    }
    tokens.expectOperator(":");
    Optional<Expr> stop = sliceBound();
    Optional<Expr> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    return new Expr.SliceOf(start, stop, step);
  }

  private Optional<Expr> sliceBound() {
    boolean absent = tokens.atOperator(":") || tokens.atOperator("]") || tokens.atOperator(",");
    return absent ? Optional.empty() : Optional.of(expression());
  }

  private Expr filtersAndTests(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = new Expr.Filtered(value, filter());
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.atOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** {@code name} or {@code name(arguments)}, after the bar. */
  Expr.FilterCall filter() {
    String name = tokens.expect(Kind.NAME, "the name of a filter").text();
    return new Expr.FilterCall(name, tokens.atOperator("(") ? arguments() : Args.NONE);
  }

  /** The filters of a block tag: {@code | a | b(1)}. */
  List<Expr.FilterCall> filters() {
    List<Expr.FilterCall> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return filters;
  }

  private Expr test(Expr value) {
    boolean negated = tokens.skipName("not");
    String name = tokens.expect(Kind.NAME, "the name of a test").text();
    Expr tested = new Expr.Tested(value, name, testArguments());
    return negated ? new Expr.Not(tested) : tested;
  }

  /** In parentheses, or one operand without: {@code x is divisibleby 3}. */
  private Args testArguments() {
    if (tokens.atOperator("(")) {
      return arguments();
    }
    if (tokens.atName("is")) {
      throw tokens.fail("tests cannot be chained with \"is\"");
    }
    boolean operand =
        switch (tokens.current().kind()) {
          case NAME -> !tokens.atName("else") && !tokens.atName("or") && !tokens.atName("and");
          case STRING, INTEGER, FLOAT -> true;
          default -> tokens.atOperator("[") || tokens.atOperator("{");
        };
    if (!operand) {
      return Args.NONE;
    }
    Expr argument = postfix(primary());
    return new Args(List.of(argument), Map.of(), Optional.empty(), Optional.empty());
  }

  private Args arguments() {
    return new ArgumentParser(tokens, this).arguments();
  }

  /** What a print tag prints: one value after the other. */
  Expr printed() {
    Expr value = tupleOrExpression();
    return value instanceof Expr.TupleOf several ? new Expr.Concat(several.items()) : value;
  }
}
