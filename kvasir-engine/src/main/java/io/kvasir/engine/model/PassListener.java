package io.kvasir.engine.model;

/** Hears how far a pass has come. May throw, for example a CancellationException, to end it. */
@FunctionalInterface
public interface PassListener {
  /** Hears nothing. */
  PassListener NONE = (done, total) -> {};

  /** {@code doneRowLayers} of {@code totalRowLayers} are done: a row through a layer counts one. */
  void progressed(int doneRowLayers, int totalRowLayers);
}
