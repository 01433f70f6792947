package io.kvasir.engine.template;

import io.kvasir.engine.template.Token.Kind;
import java.util.List;

/** The tokens of a template with a position in them, and how deep the parser is nested. */
final class TokenStream {
  /** Brackets count twice. A level takes about 1 KiB of stack; real templates stay below 40. */
  private static final int MAX_NESTING = 200;

  private final List<Token> tokens;
  private int at;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token lookAhead() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** Returns the current token and moves on; the end is never passed. */
  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean at(Kind kind) {
    return current().kind() == kind;
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    if (!atName(name)) {
      return false;
    }
    next();
    return true;
  }

  boolean skipOperator(String operator) {
    if (!atOperator(operator)) {
      return false;
    }
    next();
    return true;
  }

  Token expect(Kind kind, String what) {
    if (!at(kind)) {
      throw unexpected(what);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("\"" + operator + "\"");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("\"" + name + "\"");
    }
  }

  TemplateException unexpected(String what) {
    return fail("%s was expected, but %s stands here".formatted(what, current().describe()));
  }

  TemplateException fail(String sentence) {
    return new TemplateException(sentence).atLine(current().line());
  }

  void enter() {
    if (++nesting > MAX_NESTING) {
      throw fail("the template is nested more than %d deep".formatted(MAX_NESTING));
    }
  }

  void leave() {
    nesting--;
  }
}
