/**
 * What lives here: what becomes of dropped pairs, one file per rule. Read {@link
 * io.kvasir.kv.merge.Merger} first.
 */
@NullMarked
package io.kvasir.kv.merge;

import org.jspecify.annotations.NullMarked;
