package io.kvasir.cli;

/** What may reach a terminal: text from files and models could carry escape sequences. */
final class Terminal {
  private Terminal() {}

  /** Control characters but tab and newline become {@code \}{@code uXXXX}. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\n' && c != '\t') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
