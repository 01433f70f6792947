package io.kvasir.engine.template;

/**
 * Counts what one rendering has used, and refuses what exceeds its limits. Whoever is about to make
 * something large asks here first.
 */
final class Budget {
  /** Characters are much cheaper than evaluated nodes: so many of them count as one step. */
  private static final int CHARS_PER_STEP = 16;

  private final TemplateLimits limits;
  private long left;
  private int nesting;

  Budget(TemplateLimits limits) {
    this.limits = limits;
    this.left = Math.multiplyExact(limits.steps(), CHARS_PER_STEP);
  }

  void step() {
    spend(CHARS_PER_STEP);
  }

  /** {@code count} elements are about to be made, read or compared. */
  void elements(long count) {
    spend(count <= limits.steps() ? count * CHARS_PER_STEP : Long.MAX_VALUE);
  }

  /** {@code count} characters are about to be read or written. */
  void characters(long count) {
    spend(count);
  }

  /** A text is about to be searched for another one, naively. */
  void search(String text, String part) {
    characters(text.length() * (1L + part.length() / CHARS_PER_STEP));
  }

  /** A text will have this many characters; the cost of writing them is counted too. */
  void text(long length) {
    checkTextLength(length);
    spend(length);
  }

  void checkTextLength(long length) {
    if (length > limits.length()) {
      throw new TemplateException(
          "a text grows beyond the limit of %d characters".formatted(limits.length()));
    }
  }

  /** A list or mapping will have this many elements; the cost of making them is counted too. */
  void list(long size) {
    if (size > limits.length()) {
      throw new TemplateException(
          "a list grows beyond the limit of %d elements".formatted(limits.length()));
    }
    elements(size);
  }

  /** One level deeper; {@link #leave} undoes it. No need to leave when an exception ends it all. */
  void enter() {
    if (++nesting > limits.nesting()) {
      throw new TemplateException(
          "expressions, macros or values are nested more than %d deep".formatted(limits.nesting()));
    }
  }

  void leave() {
    nesting--;
  }

  private void spend(long cost) {
    if (cost > left) {
      throw new TemplateException(
          "the template needs more than the limit of %d steps".formatted(limits.steps()));
    }
    left -= cost;
  }
}
