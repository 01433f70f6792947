package io.kvasir.kv;

/** Quotes text of users for one-line messages: control and format characters made visible, cut. */
public final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in double quotes, at most {@value #LONGEST} of its characters. */
  public static String of(String text) {
    return "\"" + bare(text) + "\"";
  }

  /** As {@link #of}, without the quotes. */
  public static String bare(String text) {
    return text.length() > LONGEST ? visible(text.substring(0, LONGEST)) + "..." : visible(text);
  }

  private static String visible(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (printable(c)) {
        out.append(c);
      } else {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    return out.toString();
  }

  private static boolean printable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
