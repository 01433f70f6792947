package io.kvasir.engine.template;

/** The backslash escapes of string literals, which are Python's. */
final class Escapes {
  private Escapes() {}

  static String decode(String written) {
    if (written.indexOf('\\') < 0) {
      return written;
    }
    StringBuilder out = new StringBuilder(written.length());
    int at = 0;
    while (at < written.length()) {
      char c = written.charAt(at++);
      if (c != '\\' || at == written.length()) {
        out.append(c);
      } else {
        at = escape(written, at, out);
      }
    }
    return out.toString();
  }

  /** Decodes what follows a backslash and returns the position after it. */
  private static int escape(String written, int at, StringBuilder out) {
    char c = written.charAt(at);
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> out.append(c);
      case 'a' -> out.append('\u0007');
      case 'b' -> out.append('\b');
      case 'f' -> out.append('\f');
      case 'n' -> out.append('\n');
      case 'r' -> out.append('\r');
      case 't' -> out.append('\t');
      case 'v' -> out.append('\u000b');
      case 'x' -> {
        return hex(written, at, 2, out);
      }
      case 'u' -> {
        return hex(written, at, 4, out);
      }
      case 'U' -> {
        return hex(written, at, 8, out);
      }
      case 'N' ->
          throw new TemplateException("the escape \\N{...} is not supported, write \\uXXXX");
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        return octal(written, at, out);
      }
      default -> out.append('\\').append(c); // Python keeps what it does not know
    }
    return at + 1;
  }

  private static int hex(String written, int at, int digits, StringBuilder out) {
    long value = 0;
    for (int i = at + 1; i <= at + digits; i++) {
      int digit = i < written.length() ? Character.digit(written.charAt(i), 16) : -1;
      if (digit < 0 || written.charAt(i) > 'f') {
        throw new TemplateException(
            "the escape \\%s needs %d hexadecimal digits".formatted(written.charAt(at), digits));
      }
      value = value * 16 + digit;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw new TemplateException("the escape \\U%08x is beyond Unicode".formatted(value));
    }
    out.appendCodePoint((int) value);
    return at + 1 + digits;
  }

  private static int octal(String written, int at, StringBuilder out) {
    int value = 0;
    int end = at;
    while (end < at + 3 && end < written.length() && isOctal(written.charAt(end))) {
      value = value * 8 + (written.charAt(end++) - '0');
    }
    out.appendCodePoint(value);
    return end;
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }
}
