package io.kvasir.eval.store;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A question about a context.
 *
 * @param itemSha SHA-256 of all that a model sees of it, of how many tokens that are to it, and of
 *     what is scored
 * @param task name with parameters
 * @param version of the task
 * @param corpusSha SHA-256 of the corpus; empty when of none
 * @param ctx tokens aimed at
 * @param seed the recipe's
 * @param contextNo counted from 0
 * @param questionNo counted from 0
 * @param depth where the evidence stands, in [0, 1]; nothing where it stands everywhere
 * @param nCtx tokens of the context
 * @param nQ tokens of the question
 * @param gold what the metric looks for
 */
public record ItemRow(
    @Key String itemSha,
    String task,
    int version,
    String corpusSha,
    int ctx,
    long seed,
    int contextNo,
    int questionNo,
    OptionalDouble depth,
    int nCtx,
    int nQ,
    List<String> gold)
    implements Row {

  public ItemRow {
    gold = List.copyOf(gold);
  }
}
