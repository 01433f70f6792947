/**
 * Where results live: one DuckDB file, {@code results.duckdb}.
 *
 * <p>Start with {@link io.kvasir.eval.store.Results}, which opens it, and with the records that are
 * its rows: a record is a table, its components are the columns, those marked {@link
 * io.kvasir.eval.store.Key} its key. {@link io.kvasir.eval.store.Cell} is what is written at once.
 * What numbers mean is the matter of {@code task} and {@code stat}; how they are shown that of
 * {@code report}.
 */
@NullMarked
package io.kvasir.eval.store;

import org.jspecify.annotations.NullMarked;
