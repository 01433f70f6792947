package io.kvasir.engine.template;

/**
 * A template cannot be parsed or rendered. The message is one sentence; it begins with the line of
 * the template, unless the template itself refused its input with {@code raise_exception}: then it
 * is the template's own message, verbatim.
 */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Messages may quote the template's texts, which can be long. */
  private static final int MAX_LENGTH = 300;

  private final boolean raised;

  private TemplateException(String message, boolean raised) {
    super(message);
    this.raised = raised;
  }

  TemplateException(String message) {
    this(
        message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...", false);
  }

  /** What {@code raise_exception(message)} throws. */
  static TemplateException raised(String message) {
    return new TemplateException(message, true);
  }

  TemplateException atLine(int line) {
    if (raised) {
      return this;
    }
    TemplateException located = new TemplateException("line " + line + ": " + getMessage());
    located.initCause(this);
    return located;
  }

  /** The same failure with a name for the template before the line; its own words stay verbatim. */
  public TemplateException in(String template) {
    if (raised) {
      return this;
    }
    TemplateException named = new TemplateException(template + ": " + getMessage());
    named.initCause(this);
    return named;
  }

  /** Whether the template called {@code raise_exception}, so that the message is its own. */
  public boolean raised() {
    return raised;
  }
}
