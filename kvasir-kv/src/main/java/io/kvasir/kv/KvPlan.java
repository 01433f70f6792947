package io.kvasir.kv;

import io.kvasir.kv.budget.Budget;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.merge.Merger;
import io.kvasir.kv.read.Reader;
import io.kvasir.kv.reuse.Reuse;
import io.kvasir.kv.score.Scorer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What happens to every key-value pair: one choice per {@link Role}. Immutable.
 *
 * <p>A plan has one textual form, the same on the command line, in a request, in a file and in a
 * report; {@link #parse} reads it and {@link #toString} prints it canonically.
 *
 * <pre>
 *   plan   = part { "|" part }                       order does not matter: each name knows its role
 *   part   = [ ("k" | "v" | "layers=" INT "-" INT) ":" ] method
 *   method = NAME [ "(" KEY "=" value { "," KEY "=" value } ")" ]
 *   value  = number | percent | bytes | word | method
 * </pre>
 *
 * <p>{@code k:} and {@code v:} choose the codecs of keys and of values apart; {@code layers=}
 * chooses the codec of some layers, counted from 0, both ends included, and beats the general
 * choice. {@code keep} stands once, on the scorer or on the budget, and so does {@code every=n}:
 * compress again after n decoded tokens (without it: the prompt only). {@code
 * protect(sinks=4,recent=64)} replaces what the scorer itself protects.
 *
 * <p>Example: {@code snapkv(keep=25%) | k:q8 | v:q4}.
 */
public final class KvPlan {
  /** Every pair stays, stored as f16. */
  public static final KvPlan FULL = parse("f16", Methods.builtIn());

  /** Every pair stays as it is. */
  static final KvPlan F32 = parse("f32", Methods.builtIn());

  private final PlanParts parts;
  private final String text;

  private KvPlan(PlanParts parts, String text) {
    this.parts = parts;
    this.text = text;
  }

  /**
   * @throws KvPlanException one sentence: where the text is wrong, what was expected, and the
   *     nearest names
   */
  public static KvPlan parse(String text) {
    return parse(text, Methods.all());
  }

  static KvPlan parse(String text, Methods methods) {
    PlanParts parts = PlanBinder.bind(text, methods);
    String canonical = parts.print(methods);
    if (canonical.length() > PlanParser.LONGEST_PLAN) {
      throw new KvPlanException(
          "the plan %s has %d characters with every parameter; expected at most %d"
              .formatted(Quote.of(text), canonical.length(), PlanParser.LONGEST_PLAN));
    }
    return new KvPlan(parts, canonical);
  }

  public Optional<Scorer> scorer() {
    return parts.scorer();
  }

  public Budget budget() {
    return parts.budget();
  }

  public Merger merger() {
    return parts.merger();
  }

  /** The codec of the keys of a layer. */
  public Codec keyCodec(int layer) {
    return parts.codecs().keys(layer);
  }

  /** The codec of the values of a layer. */
  public Codec valueCodec(int layer) {
    return parts.codecs().values(layer);
  }

  public Reader reader() {
    return parts.reader();
  }

  public Reuse reuse() {
    return parts.reuse();
  }

  /** How much stays; {@link Keep#ALL} without a scorer. */
  public Keep keep() {
    return parts.keep();
  }

  /** Decoded tokens after which the cache is compressed again; empty: after the prompt only. */
  public OptionalInt every() {
    return parts.every();
  }

  /** The scorer of a cut: the plan's, or the one that its budget has for decoded tokens. */
  Optional<Scorer> scorer(CutPoint at) {
    return at.decoding() && parts.decoding().isPresent() ? parts.decoding() : scorer();
  }

  /** What no score can drop: what the plan says, else what its scorer and its budget say. */
  public Protection protection(CutPoint at) {
    return parts
        .protect()
        .or(() -> scorer(at).map(scorer -> scorer.protects(at).and(budget().protects(at))))
        .orElse(Protection.NONE);
  }

  /** Whether pairs may be dropped: there is a scorer, and {@code keep} is less than 100 %. */
  public boolean drops() {
    return parts.drops();
  }

  /**
   * Whether a method acts on tokens of a prompt that others still read: a reader, or a codec that
   * shortens. Such a plan shows what it does in {@link PrefillMode.Chunked} alone.
   */
  public boolean actsInPrompt() {
    return !reader().readsAll()
        || parts.codecs().all().anyMatch(codec -> codec.shortening().isPresent());
  }

  /** What the pass must record for the methods of this plan; nothing when nothing is dropped. */
  public Signals signals() {
    Signals all = Signals.of();
    if (drops()) {
      all = scorer().orElseThrow().needs();
      if (parts.decoding().isPresent()) {
        all = all.and(parts.decoding().orElseThrow().needs());
      }
    }
    return all;
  }

  /**
   * Checks the plan against a model.
   *
   * @throws KvPlanException when a codec cannot store a layer's rows, or the plan names a layer
   *     that the model does not have
   */
  public void check(KvModel model) {
    parts.codecs().check(model);
    new CacheLayers(this, model).check();
  }

  /**
   * Checks that what the plan's methods must have learned of a model is there.
   *
   * @throws KvPlanException it is not; the sentence gives the command that makes it
   */
  public void checkCalibrated(Calibrations calibrations) {
    parts
        .methods()
        .filter(Calibrated.class::isInstance)
        .forEach(method -> calibrations.find(((Calibrated) method).calibration()));
  }

  /** Plans are equal when they print equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof KvPlan plan && plan.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The canonical text: roles in order, every parameter, neutral roles left out. */
  @Override
  public String toString() {
    return text;
  }
}
