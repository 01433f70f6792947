/**
 * The scales: every plan weighed on the same tasks, with error bars.
 *
 * <p>{@code task} makes contexts with questions and scores answers, {@code data} reads those of
 * users; {@code sweep} reads which plans are weighed; {@code run} weighs them, {@code cost} has
 * them measured alone; {@code store} keeps what they did; {@code stat} says what a difference
 * between two plans is worth; {@code kld} measures as llama.cpp does, with its files; {@code
 * report} shows results as a page. Nothing here knows the terminal. Here, in the package itself, is
 * only what all of them need: {@link io.kvasir.eval.Seeded}, where every random number comes from,
 * {@link io.kvasir.eval.TextFile} and the refusal of what users got wrong.
 */
@NullMarked
package io.kvasir.eval;

import org.jspecify.annotations.NullMarked;
