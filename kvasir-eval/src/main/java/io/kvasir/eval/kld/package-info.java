/**
 * How far a plan takes a model's predictions from a base, measured, counted and printed as
 * llama.cpp's {@code llama-perplexity --kl-divergence} does it, with its files. Its own metrics,
 * over other tasks, Kvasir's evaluator has elsewhere. Read {@link io.kvasir.eval.kld.Kld} first,
 * then {@link io.kvasir.eval.kld.KldShape} for the file.
 */
@NullMarked
package io.kvasir.eval.kld;

import org.jspecify.annotations.NullMarked;
