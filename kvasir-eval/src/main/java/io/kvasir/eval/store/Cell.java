package io.kvasir.eval.store;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one plan gave on one context: written in one transaction, so it is there whole or not at
 * all.
 *
 * @param items of the context
 * @param answers to them, at most one each
 * @param divergences of them
 * @param kept one for each cache
 * @param fates of the answers to them, at most one each
 */
public record Cell(
    Key key,
    List<ItemRow> items,
    List<AnswerRow> answers,
    List<DivergenceRow> divergences,
    List<KeptRow> kept,
    List<FateRow> fates) {

  /**
   * What a cell's rows have in common.
   *
   * @param build the commit, shortened
   * @param protocol {@code blind}, {@code aware} or {@code turns}
   * @param prefill {@code exact}, {@code chunked:n} or {@code coded}
   */
  public record Key(
      String build, String modelSha, String planSha, String protocol, String prefill) {}

  /**
   * @throws IllegalArgumentException when a row belongs to another key or to none of the items
   */
  public Cell {
    items = List.copyOf(items);
    answers = List.copyOf(answers);
    divergences = List.copyOf(divergences);
    kept = List.copyOf(kept);
    fates = List.copyOf(fates);
    Set<String> shas = items.stream().map(ItemRow::itemSha).collect(Collectors.toSet());
    answers.forEach(row -> require(key, shas, row.cell(), row.itemSha()));
    divergences.forEach(row -> require(key, shas, row.cell(), row.itemSha()));
    kept.forEach(row -> require(key, shas, row.cell(), row.itemSha()));
    fates.forEach(row -> require(key, shas, row.cell(), row.itemSha()));
  }

  /** A cell without a cache that could be looked at: it failed, or nothing was read. */
  public Cell(
      Key key, List<ItemRow> items, List<AnswerRow> answers, List<DivergenceRow> divergences) {
    this(key, items, answers, divergences, List.of(), List.of());
  }

  private static void require(Key key, Set<String> shas, Key found, String itemSha) {
    if (!found.equals(key)) {
      throw new IllegalArgumentException("a row of %s in cell %s".formatted(found, key));
    }
    if (!shas.contains(itemSha)) {
      throw new IllegalArgumentException("a row of item %s, which is not here".formatted(itemSha));
    }
  }
}
