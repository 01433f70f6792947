/**
 * Model files in the GGUF format, versions 2 and 3, in one file or several: what they say (keys and
 * values), which tensors they hold, and the tensors' bytes, memory-mapped.
 *
 * <p>Whoever made a file may have made it to harm: nothing here is allocated, added or multiplied
 * from a number in it before {@link io.kvasir.engine.gguf.Cursor} has compared that number with the
 * bytes that are left, and whatever is wrong leaves as one {@link
 * io.kvasir.engine.ModelFormatException}. What the values mean, and whether a model can be built of
 * them, is said elsewhere.
 *
 * <p>Start with {@link io.kvasir.engine.gguf.GgufFile}, then {@code PartReader}: it reads as a file
 * is laid out.
 */
@NullMarked
package io.kvasir.engine.gguf;

import org.jspecify.annotations.NullMarked;
