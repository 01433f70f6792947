/**
 * What lives here: having a model read a text so that a method learns of it, and the files that
 * keep what was learned. What is learned is the method's own. Read {@link
 * io.kvasir.engine.calibrate.CalibrationRun} first.
 */
@NullMarked
package io.kvasir.engine.calibrate;

import org.jspecify.annotations.NullMarked;
