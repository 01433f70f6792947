package io.kvasir.kv.read;

/** Which stored pairs does this step attend to? */
public interface Reader {

  /**
   * Whether every stored pair is read at every step; the attention then never asks {@link #select}.
   */
  default boolean readsAll() {
    return false;
  }

  /**
   * Chooses the pages that one step of one (layer, KV head) reads.
   *
   * @param step the queries of the group and summaries of the pages
   * @param read one flag per page of 64 slots, false on entry
   */
  void select(ReadStep step, boolean[] read);
}
