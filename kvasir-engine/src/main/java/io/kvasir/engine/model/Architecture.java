package io.kvasir.engine.model;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.Shown;
import io.kvasir.kernel.Rotary;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The model families that Kvasir runs, by their name in {@code general.architecture}, and where
 * their blocks differ. All are decoders with RMS norms, rotary positions, grouped queries and a
 * gated feed-forward layer.
 */
public enum Architecture {
  /** Llama, SmolLM2, Mistral. The rows of q and k are permuted in the file to interleaved pairs. */
  LLAMA(Rotary.Pairs.INTERLEAVED),
  /** Qwen2 and Qwen2.5: q, k and v have biases. */
  QWEN2(Rotary.Pairs.HALVES),
  /** Qwen3: every head of q and k is normalised before it is rotated. */
  QWEN3(Rotary.Pairs.HALVES),
  /**
   * Gemma 3: as Qwen3, with scaled embeddings, norms after attention and feed-forward layer too, a
   * GELU gate, and five sliding-window layers with a rotation of their own for every global one.
   */
  GEMMA3(Rotary.Pairs.HALVES);

  private final Rotary.Pairs pairs;

  Architecture(Rotary.Pairs pairs) {
    this.pairs = pairs;
  }

  /**
   * The architecture of a name.
   *
   * @throws ModelFormatException naming the ones there are
   */
  static Architecture of(String file, String name) {
    for (Architecture architecture : values()) {
      if (architecture.text().equals(name)) {
        return architecture;
      }
    }
    throw new ModelFormatException(
        "%s: general.architecture is \"%s\", expected %s"
            .formatted(
                file,
                Shown.name(name),
                Arrays.stream(values()).map(Architecture::text).collect(Collectors.joining(", "))));
  }

  /** The name in a file, which also begins the keys of its parameters. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  Rotary.Pairs pairs() {
    return pairs;
  }

  boolean needsBiases() {
    return this == QWEN2;
  }

  boolean normsHeads() {
    return this == QWEN3 || this == GEMMA3;
  }

  boolean normsOutputs() {
    return this == GEMMA3;
  }

  boolean gatesWithGelu() {
    return this == GEMMA3;
  }

  boolean takesRopeFactors() {
    return this == LLAMA;
  }
}
