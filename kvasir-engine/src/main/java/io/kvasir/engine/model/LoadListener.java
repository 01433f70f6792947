package io.kvasir.engine.model;

/** Hears how far loading has come. May throw to end it; nothing stays allocated then. */
@FunctionalInterface
public interface LoadListener {
  /** Hears nothing. */
  LoadListener NONE = (done, total) -> {};

  /** {@code doneBytes} of the file's {@code totalBytes} of tensors are packed. */
  void progressed(long doneBytes, long totalBytes);
}
