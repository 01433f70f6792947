package io.kvasir.eval.claim;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a claim may say of a plan. */
enum Metric {
  /** Share of lookups that are answered rightly. */
  SCORE(Of.LOOKUPS),
  /** Retained quality: 1 as good as f16, 0 as if the context had not been read. */
  R(Of.LOOKUPS),
  /** Divergence from f16 over the vocabulary, nats per token of a text that goes on. */
  KL(Of.TEXTS),
  /** Negative log-likelihood, nats per token: of a text that goes on, or of the right answer. */
  NLL(Of.EITHER),
  /** Share of tokens whose likeliest is f16's too. */
  TOP1(Of.TEXTS),
  /** Bytes of the cache, held. */
  BYTES(Of.COSTS),
  /** Peak bytes of the process over the loaded model. */
  RSS(Of.COSTS),
  /** Milliseconds from prompt to first token. */
  TTFT(Of.COSTS),
  /** Tokens per second. */
  DECODE(Of.COSTS);

  /** What a metric is measured on. */
  enum Of {
    LOOKUPS,
    TEXTS,
    EITHER,
    COSTS
  }

  private final Of of;

  Metric(Of of) {
    this.of = of;
  }

  Of of() {
    return of;
  }

  boolean isCost() {
    return of == Of.COSTS;
  }

  static Optional<Metric> find(String name) {
    return Stream.of(values()).filter(metric -> metric.toString().equals(name)).findFirst();
  }

  static List<String> names() {
    return Stream.of(values()).map(Metric::toString).toList();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
