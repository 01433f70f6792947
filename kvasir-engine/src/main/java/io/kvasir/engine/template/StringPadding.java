package io.kvasir.engine.template;

/** The string methods that fill a text up to a width, counted in code points. */
final class StringPadding {
  private StringPadding() {}

  static Object center(String text, Arguments arguments, Budget budget) {
    return pad("center", text, arguments, budget);
  }

  /** Padded on the right. */
  static Object ljust(String text, Arguments arguments, Budget budget) {
    return pad("ljust", text, arguments, budget);
  }

  /** Padded on the left. */
  static Object rjust(String text, Arguments arguments, Budget budget) {
    return pad("rjust", text, arguments, budget);
  }

  private static String pad(String function, String text, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind(function, 1, "width", "fillchar");
    String fill = bound.text("fillchar", " ");
    if (Chars.length(fill) != 1) {
      throw new TemplateException("%s: the fill must be one character".formatted(function));
    }
    long width = bound.integer("width", 0);
    long missing = width - Chars.length(text);
    if (function.equals("center")) {
      return center(text, width, fill, budget);
    }
    boolean left = function.equals("rjust");
    TextBuilder out = new TextBuilder(budget).repeat(fill, left ? missing : 0).append(text);
    return out.repeat(fill, left ? 0 : missing).finish();
  }

  /** Of an odd padding, the larger half stands left if the width is odd, as in Python. */
  static String center(String text, long width, String fill, Budget budget) {
    long missing = Math.max(0, width - Chars.length(text));
    long left = missing / 2 + (missing & width & 1);
    TextBuilder out = new TextBuilder(budget).repeat(fill, left).append(text);
    return out.repeat(fill, missing - left).finish();
  }

  static Object zfill(String text, Arguments arguments, Budget budget) {
    long width = arguments.bind("zfill", 1, "width").integer("width", 0);
    int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    TextBuilder out = new TextBuilder(budget).append(text, 0, sign);
    return out.repeat("0", width - Chars.length(text)).append(text, sign, text.length()).finish();
  }

  static Object expandTabs(String text, Arguments arguments, Budget budget) {
    long size = arguments.bind("expandtabs", 0, "tabsize").integer("tabsize", 8);
    TextBuilder out = new TextBuilder(budget);
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long spaces = size <= 0 ? 0 : size - column % size;
        out.repeat(" ", spaces);
        column += spaces;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    return out.finish();
  }
}
