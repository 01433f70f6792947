package io.kvasir.kv;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a method must be told about the pass. The attention code computes exactly what is declared:
 * a plan whose methods need no attention weights pays nothing for them.
 *
 * @param kinds the signals
 * @param recentQueries how many of the newest queries must be kept; 0: none
 */
public record Signals(Set<Kind> kinds, int recentQueries) {

  /** A thing a method may look at. */
  public enum Kind {
    /** Positions only. */
    POSITIONS,
    /** Keys as the attention reads them, rotated. */
    ROPED_KEYS,
    /** Values. */
    VALUES,
    /** The last w queries, rotated, not yet scaled. */
    RECENT_QUERIES,
    /** For each key, the attention weight it has received from all queries so far. */
    ATTENTION_MASS
  }

  public Signals {
    kinds = Set.copyOf(kinds);
  }

  public static Signals of(Kind... kinds) {
    EnumSet<Kind> set = EnumSet.noneOf(Kind.class);
    set.addAll(List.of(kinds));
    return new Signals(set, 0);
  }

  /** These signals and the newest {@code window} queries. */
  public Signals recentQueries(int window) {
    EnumSet<Kind> set = EnumSet.of(Kind.RECENT_QUERIES);
    set.addAll(kinds);
    return new Signals(set, window);
  }

  /** All that either asks for. */
  public Signals and(Signals other) {
    EnumSet<Kind> set = EnumSet.noneOf(Kind.class);
    set.addAll(kinds);
    set.addAll(other.kinds);
    return new Signals(set, Math.max(recentQueries, other.recentQueries));
  }

  public boolean needs(Kind kind) {
    return kinds.contains(kind);
  }
}
