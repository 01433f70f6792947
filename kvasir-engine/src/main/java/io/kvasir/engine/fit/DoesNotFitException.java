package io.kvasir.engine.fit;

/**
 * There is not enough memory for a model or a prompt, which was found out before anything was
 * allocated. The message is one sentence: what is needed, what there is, what would fit.
 */
public final class DoesNotFitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DoesNotFitException(String message) {
    super(message);
  }
}
