package io.kvasir.kv.merge;

/** What becomes of a dropped pair? Called with the victims before their slots are reused. */
public interface Merger {
  /** Folds the victims of one (layer, KV head) into the pairs that stay, or does nothing. */
  void merge(Eviction eviction);
}
