/**
 * What plans cost: bytes, memory and time. Start with {@link io.kvasir.eval.cost.CostRun}, which
 * has each plan measured alone, round by round; {@link io.kvasir.eval.cost.Cost} is what its rows
 * say of a plan. Who measures is not here: that takes a process of its own.
 */
@NullMarked
package io.kvasir.eval.cost;

import org.jspecify.annotations.NullMarked;
