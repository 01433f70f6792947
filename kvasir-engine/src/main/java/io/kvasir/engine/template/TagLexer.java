package io.kvasir.engine.template;

import io.kvasir.engine.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts what stands inside one tag into names, literals and operators, up to the tag's end. */
final class TagLexer {
  private static final Pattern FLOAT =
      Pattern.compile(
          "\\d++(?:_\\d++)*+(?:(?:\\.\\d++(?:_\\d++)*+)?[eE][+-]?\\d++(?:_\\d++)*+"
              + "|\\.\\d++(?:_\\d++)*+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++"
              + "|[1-9](?:_?\\d)*+|0(?:_?0)*+");

  /** Longer ones first. */
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final boolean block;
  private final List<Token> tokens;
  private final Deque<String> open = new ArrayDeque<>();
  private final int firstLine;
  private int at;
  private int line;

  /**
   * @param at the first character inside the tag
   * @param block whether the tag ends with %}, not with }}
   * @param tokens receives what is found
   */
  TagLexer(String source, int at, int line, boolean block, List<Token> tokens) {
    this.source = source;
    this.at = at;
    this.line = line;
    this.firstLine = line;
    this.block = block;
    this.tokens = tokens;
  }

  /** Reads to the end of the tag and returns the sign there: minus, plus or a space for none. */
  char run() {
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw new TemplateException("a tag begins here and never ends").atLine(firstLine);
      }
      if (open.isEmpty()) {
        String close = block ? "%}" : "}}";
        char c = source.charAt(at);
        if (source.startsWith(close, at)) {
          at += 2;
          return ' ';
        }
        if ((c == '-' || (c == '+' && block)) && source.startsWith(close, at + 1)) {
          at += 3;
          return c;
        }
      }
      token();
    }
  }

  /** The position after the tag. */
  int end() {
    return at;
  }

  private void skipSpace() {
    int to = Chars.skipSpace(source, at);
    for (; at < to; at++) {
      if (source.charAt(at) == '\n') {
        line++;
      }
    }
  }

  private void token() {
    char c = source.charAt(at);
    if (c >= '0' && c <= '9') {
      number();
    } else if (c == '\'' || c == '"') {
      string(c);
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || c == '_') {
      name();
    } else {
      operator();
    }
  }

  private void number() {
    Matcher matcher = FLOAT.matcher(source).region(at, source.length());
    boolean afterDot = source.charAt(at - 1) == '.';
    if (!afterDot && matcher.lookingAt()) {
      add(Kind.FLOAT, matcher.end());
      return;
    }
    matcher.usePattern(INTEGER).region(at, source.length());
    if (!matcher.lookingAt()) {
      throw new TemplateException("a number is malformed").atLine(line);
    }
    add(Kind.INTEGER, matcher.end());
  }

  private void name() {
    int end = at;
    while (end < source.length() && isNamePart(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    add(Kind.NAME, end);
  }

  private static boolean isNamePart(int codePoint) {
    return Character.isUnicodeIdentifierPart(codePoint)
        && !Character.isIdentifierIgnorable(codePoint);
  }

  private void string(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException("a string begins here and never ends").atLine(line);
    }
    String written = source.substring(at + 1, end);
    try {
      tokens.add(new Token(Kind.STRING, Escapes.decode(written), line));
    } catch (TemplateException e) {
      throw e.atLine(line);
    }
    line += (int) written.chars().filter(c -> c == '\n').count();
    at = end + 1;
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        balance(operator);
        add(Kind.OPERATOR, at + operator.length());
        return;
      }
    }
    String found = Character.toString(source.codePointAt(at));
    throw new TemplateException("the character \"%s\" means nothing in a tag".formatted(found))
        .atLine(line);
  }

  /** Inside brackets, }} and %} do not end the tag. */
  private void balance(String operator) {
    switch (operator) {
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "{" -> open.push("}");
      case ")", "]", "}" -> {
        if (open.isEmpty() || !open.pop().equals(operator)) {
          throw new TemplateException("\"%s\" closes nothing".formatted(operator)).atLine(line);
        }
      }
      default -> {}
    }
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, source.substring(at, end), line));
    at = end;
  }
}
