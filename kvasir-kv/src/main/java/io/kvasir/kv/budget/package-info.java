/**
 * What lives here: how the pairs that may stay are divided over layers and heads, one file per
 * rule. Read {@link io.kvasir.kv.budget.Budget} first.
 */
@NullMarked
package io.kvasir.kv.budget;

import org.jspecify.annotations.NullMarked;
