/**
 * What lives here: how a page of keys or values is stored, and attention on that form; one file per
 * codec, listed in {@link io.kvasir.kv.codec.Codecs}. Pages themselves and who owns them are in
 * {@code io.kvasir.kv}, the loops over codes in {@code io.kvasir.kernel}.
 *
 * <p>Read {@link io.kvasir.kv.codec.Codec} first. A new codec whose rows are coded each for itself
 * is a record like {@code Q8} and one line in {@code Codecs}; where no element code of {@link
 * io.kvasir.kernel.PageLayout} fits, it brings its own {@link io.kvasir.kv.codec.KeyFormat} like
 * {@code KiviKeys}.
 */
@NullMarked
package io.kvasir.kv.codec;

import org.jspecify.annotations.NullMarked;
