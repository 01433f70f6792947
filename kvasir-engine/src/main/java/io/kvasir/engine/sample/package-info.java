/**
 * What lives here: how the next token is chosen from logits. Nothing here knows a model, a sequence
 * or text. Read {@link io.kvasir.engine.sample.Sampler} first: it is the whole chain, in order.
 */
@NullMarked
package io.kvasir.engine.sample;

import org.jspecify.annotations.NullMarked;
