package io.kvasir.engine;

/** Hears a generation as it goes, on the generating thread. */
@FunctionalInterface
public interface GenerationListener {
  /** Hears nothing. */
  GenerationListener NONE = (id, text) -> {};

  /**
   * A token was chosen. All texts, joined, are {@link Generation#text}.
   *
   * <p>Once per token; and once more, with the end token's id, when the model ends its turn while
   * text is held back.
   *
   * @param text what became certain by it: never half a character, never a part of a stop string,
   *     often nothing
   * @throws java.util.concurrent.CancellationException to end the generation; the sequence stays
   *     usable
   */
  void token(int id, String text);
}
