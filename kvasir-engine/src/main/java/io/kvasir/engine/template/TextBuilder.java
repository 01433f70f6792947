package io.kvasir.engine.template;

/** A text in the making that never outgrows its budget. */
final class TextBuilder {
  private final Budget budget;
  private final StringBuilder text = new StringBuilder();

  TextBuilder(Budget budget) {
    this.budget = budget;
  }

  Budget budget() {
    return budget;
  }

  TextBuilder append(String more) {
    reserve(more.length());
    text.append(more);
    return this;
  }

  TextBuilder append(char c) {
    reserve(1);
    text.append(c);
    return this;
  }

  TextBuilder append(String from, int start, int end) {
    reserve(end - start);
    text.append(from, start, end);
    return this;
  }

  TextBuilder appendCodePoint(int codePoint) {
    reserve(Character.charCount(codePoint));
    text.appendCodePoint(codePoint);
    return this;
  }

  /** Appends {@code part} {@code times} times; nothing if that is negative. */
  TextBuilder repeat(String part, long times) {
    if (times <= 0 || part.isEmpty()) {
      return this;
    }
    if (times > Integer.MAX_VALUE) {
      budget.checkTextLength(Long.MAX_VALUE);
    }
    reserve(times * part.length());
    text.repeat(part, (int) times);
    return this;
  }

  String finish() {
    return text.toString();
  }

  private void reserve(long more) {
    budget.checkTextLength(text.length() + more);
    budget.characters(more);
  }
}
