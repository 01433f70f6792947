package io.kvasir.engine;

import java.util.Locale;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its turn, or a stop string appeared. */
  STOP,
  /** As many tokens as were asked for. */
  LENGTH,
  /** The context is full. */
  CONTEXT,
  /** The listener threw a {@code CancellationException}, or the thread was interrupted. */
  CANCELLED;

  /** In lower case, as reports and JSON have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
