/**
 * The scales: every plan weighed on the same tasks, with error bars.
 *
 * <p>{@code stat} says what a difference between two plans is worth. Nothing here knows the
 * terminal. Here, in the package itself, is only what all of them need: {@link
 * io.kvasir.eval.Seeded}, where every random number comes from.
 */
@NullMarked
package io.kvasir.eval;

import org.jspecify.annotations.NullMarked;
