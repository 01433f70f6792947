/**
 * What a difference between two plans is worth. The unit is always the context: questions about one
 * context share its luck, so they are averaged before anything here sees them.
 *
 * <p>Every class works on {@code double[n]}, one value per context, the arrays of two plans in the
 * same order. Start with {@link io.kvasir.eval.stat.Comparison}; the interval below it is {@link
 * io.kvasir.eval.stat.Bootstrap}, the test {@link io.kvasir.eval.stat.SignFlip}. Nothing here knows
 * tasks, plans or files. Quantiles come from Apache Commons Statistics.
 */
@NullMarked
package io.kvasir.eval.stat;

import org.jspecify.annotations.NullMarked;
