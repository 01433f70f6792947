/**
 * What lives here: how a page of keys or values is stored, and attention on that form; one file per
 * codec. Pages themselves and who owns them are in {@code io.kvasir.kv}. Read {@link
 * io.kvasir.kv.codec.Codec} first.
 */
@NullMarked
package io.kvasir.kv.codec;

import org.jspecify.annotations.NullMarked;
