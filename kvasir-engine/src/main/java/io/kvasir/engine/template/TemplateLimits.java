package io.kvasir.engine.template;

/**
 * What one rendering may use before it is refused.
 *
 * @param steps evaluated expressions and statements, list elements made, and sixteenths of
 *     characters read or written
 * @param length characters (UTF-16 units) of the output and of every text on the way, and elements
 *     of every list
 * @param nesting expressions, statements, macro calls and values inside each other; 450 levels fit
 *     a stack of 512 KiB
 */
public record TemplateLimits(long steps, int length, int nesting) {
  /** Ten million steps (under a second), texts of 16 Mi characters, 450 levels. */
  public static final TemplateLimits DEFAULT = new TemplateLimits(10_000_000, 1 << 24, 450);

  public TemplateLimits {
    if (steps < 1 || length < 1 || nesting < 1) {
      throw new IllegalArgumentException(
          "template limits must be at least 1, but are steps=%d, length=%d, nesting=%d"
              .formatted(steps, length, nesting));
    }
  }
}
