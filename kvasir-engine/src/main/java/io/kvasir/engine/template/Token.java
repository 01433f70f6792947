package io.kvasir.engine.template;

/**
 * A piece of a template.
 *
 * @param text for {@link Kind#STRING} the decoded value, otherwise as written
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /** For messages. */
  String describe() {
    return switch (kind) {
      case DATA -> "text";
      case PRINT_BEGIN -> "\"{{\"";
      case PRINT_END -> "\"}}\"";
      case BLOCK_BEGIN -> "\"{%\"";
      case BLOCK_END -> "\"%}\"";
      case STRING -> "a string";
      case NAME, INTEGER, FLOAT, OPERATOR ->
          "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "...") + "\"";
      case END -> "the end of the template";
    };
  }
}
