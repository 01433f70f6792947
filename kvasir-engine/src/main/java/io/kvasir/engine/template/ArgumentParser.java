package io.kvasir.engine.template;

import io.kvasir.engine.template.Expr.Args;
import io.kvasir.engine.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses one argument list: {@code (1, x=2, *positions, **names)}, in Python's order. */
final class ArgumentParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final List<Expr> positional = new ArrayList<>();
  private final Map<String, Expr> named = new LinkedHashMap<>();
  private Optional<Expr> rest = Optional.empty();
  private Optional<Expr> namedRest = Optional.empty();

  ArgumentParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  Args arguments() {
    tokens.expectOperator("(");
    while (!tokens.atOperator(")")) {
      argument();
      if (!tokens.skipOperator(",")) {
        break;
      }
    }
    tokens.expectOperator(")");
    return new Args(List.copyOf(positional), named, rest, namedRest);
  }

  private void argument() {
    if (namedRest.isPresent()) {
      throw tokens.fail("an argument stands after **");
    }
    if (tokens.skipOperator("**")) {
      namedRest = Optional.of(expressions.expression());
    } else if (tokens.at(Kind.NAME) && tokens.lookAhead().isOperator("=")) {
      String name = tokens.next().text();
      tokens.next();
      if (named.put(name, expressions.expression()) != null) {
        throw tokens.fail("the argument \"%s\" is given twice".formatted(name));
      }
    } else if (rest.isPresent() || !named.isEmpty()) {
      throw tokens.fail("an argument without a name stands after one with a name or *");
    } else if (tokens.skipOperator("*")) {
      rest = Optional.of(expressions.expression());
    } else {
      positional.add(expressions.expression());
    }
  }
}
