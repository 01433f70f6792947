package io.kvasir.engine.model;

import io.kvasir.kernel.Rotary;

/**
 * How a layer rotates its queries and keys.
 *
 * @param pairs which elements of a head turn together
 * @param dim rotated elements per head
 * @param base frequency base
 * @param scaling positions are divided by it; 1 for none
 * @param factors whether the file's {@code rope_freqs.weight} divides the frequencies
 */
public record Rope(Rotary.Pairs pairs, int dim, double base, double scaling, boolean factors) {}
