package io.kvasir.engine;

import io.kvasir.engine.sample.Sampler;
import io.kvasir.engine.tokenizer.StreamingDecoder;
import io.kvasir.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Lets a model continue a sequence, token by token. The same sequence, options and seed give the
 * same tokens, every run.
 */
public final class Generator {
  private final Sequence sequence;
  private final Tokenizer tokenizer;
  private final GenerationOptions options;
  private final GenerationListener listener;
  private final Sampler sampler;
  private final StreamingDecoder decoder;
  private final StopStrings stops;
  private final List<Integer> ids = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private Generator(Sequence sequence, GenerationOptions options, GenerationListener listener) {
    this.sequence = sequence;
    this.tokenizer = sequence.model().tokenizer();
    this.options = options;
    this.listener = listener;
    this.sampler = new Sampler(options.sampling());
    this.decoder = tokenizer.decoder(false);
    this.stops = new StopStrings(options.stop());
  }

  /**
   * Continues a sequence. The last token chosen has not passed the model when the generation ends
   * with it: nothing asks for the logits after it.
   *
   * <p>Interrupting the thread cancels, and leaves it interrupted.
   *
   * @param logits after the sequence's last token, [V]
   */
  public static Generation generate(
      Sequence sequence, float[] logits, GenerationOptions options, GenerationListener listener) {
    return new Generator(sequence, options, listener).generate(logits);
  }

  private Generation generate(float[] logits) {
    long start = System.nanoTime();
    FinishReason reason;
    try {
      reason = decode(logits);
    } catch (CancellationException e) {
      reason = FinishReason.CANCELLED;
    }
    long nanos = System.nanoTime() - start;
    return new Generation(ids, text.toString(), reason, sequence.readNanos(), nanos);
  }

  private FinishReason decode(float[] first) {
    float[] logits = first;
    while (ids.size() < options.maxTokens()) {
      if (Thread.currentThread().isInterrupted()) {
        return FinishReason.CANCELLED;
      }
      int id = sampler.next(logits, sequence.lastIds(Sampler.PENALTY_WINDOW));
      if (!options.ignoreEos() && tokenizer.isEndOfGeneration(id)) {
        endWith(id);
        return FinishReason.STOP;
      }
      ids.add(id);
      boolean full = sequence.seen() == sequence.model().context();
      boolean last = full || ids.size() == options.maxTokens();
      String certain = stops.append(decoder.append(id) + (last ? decoder.finish() : ""));
      tell(id, last ? certain + stops.finish() : certain);
      if (stops.found()) {
        return FinishReason.STOP;
      }
      if (!last) {
        logits = sequence.step(id);
      } else if (ids.size() < options.maxTokens()) {
        return FinishReason.CONTEXT;
      }
    }
    return FinishReason.LENGTH;
  }

  /** Gives out what was held back, if anything. */
  private void endWith(int endToken) {
    String rest = stops.append(decoder.finish()) + stops.finish();
    if (!rest.isEmpty()) {
      tell(endToken, rest);
    }
  }

  private void tell(int id, String certain) {
    text.append(certain);
    listener.token(id, certain);
  }
}
