package io.kvasir.kv;

/**
 * A plan's text is wrong, or a plan cannot serve this model or this prompt. The message is one
 * sentence that names the value and what was expected.
 */
public final class KvPlanException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public KvPlanException(String message) {
    super(message);
  }
}
