package io.kvasir.kv;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a method must be told about the pass. The attention code computes exactly what is declared:
 * a plan whose methods need no attention weights pays nothing for them.
 *
 * @param kinds the signals
 * @param recentQueries how many of the newest queries must be kept; 0: none
 * @param momentsFrom positions; for each of them the moments of the queries from there on are kept
 * @param noises kinds of noise; for each of them the attention weights under it are summed
 * @param replay how the prompt is to be read a second time
 */
public record Signals(
    Set<Kind> kinds,
    int recentQueries,
    Set<Integer> momentsFrom,
    Set<AttentionNoise> noises,
    Optional<PromptReplay> replay) {

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
    /** Mean and covariance of the queries before their rotation. */
    QUERY_MOMENTS,
    /** For each key, the attention weight it has received from all queries so far. */
    ATTENTION_MASS,
    /** The same, of logits with noise under a temperature. */
    NOISED_MASS,
    /** The largest weight that a pair receives while the prompt is read a second time. */
    REPLAY
  }

  public Signals {
    kinds = Set.copyOf(kinds);
    momentsFrom = Set.copyOf(momentsFrom);
    noises = Set.copyOf(noises);
  }

  public static Signals of(Kind... kinds) {
    EnumSet<Kind> set = EnumSet.noneOf(Kind.class);
    set.addAll(List.of(kinds));
    return new Signals(set, 0, Set.of(), Set.of(), Optional.empty());
  }

  /** These signals and the newest {@code window} queries. */
  public Signals recentQueries(int window) {
    EnumSet<Kind> set = EnumSet.of(Kind.RECENT_QUERIES);
    set.addAll(kinds);
    return new Signals(set, window, momentsFrom, noises, replay);
  }

  /** These signals and the moments of the queries at position {@code from} and later. */
  public Signals queryMoments(int from) {
    return and(
        new Signals(Set.of(Kind.QUERY_MOMENTS), 0, Set.of(from), Set.of(), Optional.empty()));
  }

  /** These signals and, for each key, the attention it received under {@code noise}. */
  public Signals noisedMass(AttentionNoise noise) {
    return and(new Signals(Set.of(Kind.NOISED_MASS), 0, Set.of(), Set.of(noise), Optional.empty()));
  }

  /** These signals and what pairs receive while the prompt is read again. */
  public Signals replay(PromptReplay wanted) {
    return and(new Signals(Set.of(Kind.REPLAY), 0, Set.of(), Set.of(), Optional.of(wanted)));
  }

  /** The kinds of attention that are summed for each key. */
  List<AttentionNoise> masses() {
    List<AttentionNoise> all = new ArrayList<>(noises);
    if (needs(Kind.ATTENTION_MASS)) {
      all.add(AttentionNoise.NONE);
    }
    return all;
  }

  /** All that either asks for. */
  public Signals and(Signals other) {
    EnumSet<Kind> set = EnumSet.noneOf(Kind.class);
    set.addAll(kinds);
    set.addAll(other.kinds);
    Set<Integer> moments = new TreeSet<>(momentsFrom);
    moments.addAll(other.momentsFrom);
    Set<AttentionNoise> all = new HashSet<>(noises);
    all.addAll(other.noises);
    int most = Math.max(recentQueries, other.recentQueries);
    return new Signals(set, most, moments, all, replay.or(other::replay));
  }

  public boolean needs(Kind kind) {
    return kinds.contains(kind);
  }
}
