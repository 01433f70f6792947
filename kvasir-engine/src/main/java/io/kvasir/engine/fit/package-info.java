/**
 * Whether a model, a plan and a text fit in memory, in bytes, before anything is loaded; and how
 * much memory there is. Read {@link io.kvasir.engine.fit.Fit} first.
 */
@NullMarked
package io.kvasir.engine.fit;

import org.jspecify.annotations.NullMarked;
