/**
 * Which plans are weighed: the language of plan files. Start with {@link
 * io.kvasir.eval.sweep.PlanFile}, which states the grammar; {@code PlanLine} reads one line of it,
 * {@code Expansion} takes products. What a plan itself may say is {@link io.kvasir.kv.KvPlan}'s
 * matter.
 */
@NullMarked
package io.kvasir.eval.sweep;

import org.jspecify.annotations.NullMarked;
