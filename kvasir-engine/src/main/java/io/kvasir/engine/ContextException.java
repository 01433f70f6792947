package io.kvasir.engine;

/** A prompt does not fit into the context. Nothing was read; prompts are never cut. */
public final class ContextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ContextException(int seen, int tokens, int context) {
    super(
        seen == 0
            ? "the prompt has %d tokens, the context holds %d".formatted(tokens, context)
            : "%d tokens and %d more do not fit, the context holds %d"
                .formatted(seen, tokens, context));
  }
}
