package io.kvasir.engine;

import io.kvasir.engine.model.LoadListener;
import java.util.OptionalInt;

/**
 * How a model is loaded. Immutable.
 *
 * @param threads that compute, the caller's included, 1 to 1024; results do not depend on it
 * @param context tokens that a sequence may have, from 1 to what the model was made for; empty: as
 *     many as that. A load refuses more
 * @param precision what the results promise
 * @param rehearsed whether short passes, while the weights are loaded, have the kernels compiled
 *     early: for programs that live no longer than their first answer, under the launcher's options
 * @param listener hears how loading goes
 */
public record ModelOptions(
    int threads,
    OptionalInt context,
    Precision precision,
    boolean rehearsed,
    LoadListener listener) {
  private static final int MOST_THREADS = 1024;

  /** All processors, the model's whole context, fast, not rehearsed. */
  public static final ModelOptions DEFAULT =
      new ModelOptions(
          Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
          OptionalInt.empty(),
          Precision.FAST,
          false,
          LoadListener.NONE);

  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  public ModelOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException("threads=" + threads + " must be 1 to " + MOST_THREADS);
    }
    if (context.isPresent() && context.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "context=" + context.getAsInt() + " must be at least 1 token");
    }
  }

  public ModelOptions withThreads(int value) {
    return new ModelOptions(value, context, precision, rehearsed, listener);
  }

  public ModelOptions withContext(int value) {
    return new ModelOptions(threads, OptionalInt.of(value), precision, rehearsed, listener);
  }

  public ModelOptions withPrecision(Precision value) {
    return new ModelOptions(threads, context, value, rehearsed, listener);
  }

  public ModelOptions withRehearsal(boolean value) {
    return new ModelOptions(threads, context, precision, value, listener);
  }

  public ModelOptions withListener(LoadListener value) {
    return new ModelOptions(threads, context, precision, rehearsed, value);
  }
}
