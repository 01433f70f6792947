package io.kvasir.engine.tokenizer;

/** What {@code tokenizer.ggml.token_type} says of a token (ggml, {@code llama_token_type}). */
enum TokenType {
  /** 0: the file does not say. */
  UNDEFINED,
  /** 1: text. */
  NORMAL,
  /** 2: stands for text that has no token. */
  UNKNOWN,
  /** 3: steers the model; the same characters in a text are not this token unless asked for. */
  CONTROL,
  /** 4: text that is always this one token, whatever stands around it. */
  USER_DEFINED,
  /** 5: fills up the vocabulary and means nothing. */
  UNUSED,
  /** 6: one byte, written {@code <0x0A>}. */
  BYTE;

  private static final TokenType[] BY_NUMBER = values();

  static boolean isKnown(int number) {
    return number >= 0 && number < BY_NUMBER.length;
  }

  static TokenType of(int number) {
    return BY_NUMBER[number];
  }

  /** Whether a text contains this token only on request. */
  boolean isControl() {
    return this == CONTROL || this == UNKNOWN;
  }

  /** Whether this token is found in a text as a whole, not made from its parts. */
  boolean isSpecial() {
    return isControl() || this == USER_DEFINED;
  }
}
