/**
 * Weighs plans: lets models answer the questions of tasks from compressed caches, and scores what
 * they say.
 *
 * <p>Start with {@link io.kvasir.eval.run.Sweep}, what is to be weighed, and {@link
 * io.kvasir.eval.run.SweepRun}, which does it, context by context; {@code Reading} is a context and
 * its questions as the tokens of a model, {@code Lookups} and {@code Continuations} are the two
 * ways to ask. Rules that hold for all: a context is read once for all plans; f16 and the controls
 * run beside them; only tokens that attended to the compressed cache are scored.
 */
@NullMarked
package io.kvasir.eval.run;

import org.jspecify.annotations.NullMarked;
