/**
 * What lives here: how well a model foresees a text, and how far a cache plan takes its predictions
 * from another's. Nothing here knows a file or a data set. Read {@link
 * io.kvasir.engine.perplexity.Perplexity} first.
 */
@NullMarked
package io.kvasir.engine.perplexity;

import org.jspecify.annotations.NullMarked;
