/**
 * What lives here: scoring rules, one file each. Keeping the best is not here but in {@code
 * io.kvasir.kv}. Read {@link io.kvasir.kv.score.Scorer} first.
 */
@NullMarked
package io.kvasir.kv.score;

import org.jspecify.annotations.NullMarked;
