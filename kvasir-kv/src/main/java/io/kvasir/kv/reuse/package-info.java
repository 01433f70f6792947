/**
 * What lives here: which pairs of an earlier request serve a new one. Where such pairs are stored
 * between requests is not here. Read {@link io.kvasir.kv.reuse.Reuse} first.
 */
@NullMarked
package io.kvasir.kv.reuse;

import org.jspecify.annotations.NullMarked;
