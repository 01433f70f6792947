package io.kvasir.kv;

import io.kvasir.kv.budget.Budget;
import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.merge.Merger;
import io.kvasir.kv.read.Reader;
import io.kvasir.kv.reuse.Reuse;
import io.kvasir.kv.score.Scorer;
import java.util.Locale;
import java.util.Optional;

/** The six questions a plan answers about every key-value pair, in the order plans are printed. */
public enum Role {
  /** How much does each pair matter? */
  SCORER(Scorer.class, Optional.empty()),
  /** How many pairs may each layer and head keep? */
  BUDGET(Budget.class, Optional.of("uniform")),
  /** What becomes of a dropped pair? */
  MERGER(Merger.class, Optional.of("none")),
  /** In what form is a page stored, and how is attention computed on that form? */
  CODEC(Codec.class, Optional.of("f16")),
  /** Which stored pairs does this step attend to? */
  READER(Reader.class, Optional.of("all")),
  /** Which pairs of an earlier request serve this one? */
  REUSE(Reuse.class, Optional.of("fresh"));

  private final Class<?> contract;
  private final Optional<String> neutral;

  Role(Class<?> contract, Optional<String> neutral) {
    this.contract = contract;
    this.neutral = neutral;
  }

  /** The interface that methods of this role implement. */
  public Class<?> contract() {
    return contract;
  }

  /** The method of a plan that names none of this role; without one, no scorer drops anything. */
  public Optional<String> neutral() {
    return neutral;
  }

  /** The word for a method of this role: {@code scorer}, {@code codec}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
