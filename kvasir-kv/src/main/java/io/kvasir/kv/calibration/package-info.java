/**
 * What lives here: how a method learns of a model before any prompt. Reading prompts, and keeping
 * what was learned in files, is the engine's. Read {@link io.kvasir.kv.calibration.Calibrated}
 * first; {@code score/QFilters.java} is the smallest example.
 */
@NullMarked
package io.kvasir.kv.calibration;

import org.jspecify.annotations.NullMarked;
