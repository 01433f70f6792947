package io.kvasir.kv.read;

/**
 * Which stored pairs does this step attend to? Asked for every row that passes as decoding does,
 * one by one, at every KV head of the layers with full attention. Sliding-window layers are exempt,
 * and an exact prefill reads everything.
 *
 * <p>Heads are asked from several threads at once. The same step must get the same answer, so a
 * reader looks at nothing but its parameters and the step.
 */
public interface Reader {

  /**
   * Whether every stored pair is read at every step; the attention then never asks {@link #select}.
   */
  default boolean readsAll() {
    return false;
  }

  /**
   * Chooses the pages that one step of one (layer, KV head) reads; the others are not touched, and
   * their pairs get no weight. At least one must be chosen. The last page, which holds the row's
   * own pair, is read besides, chosen or not.
   *
   * @param step the queries of the group and the stored keys
   * @param read one flag per page of 64 slots, false on entry
   */
  void select(ReadStep step, boolean[] read);
}
