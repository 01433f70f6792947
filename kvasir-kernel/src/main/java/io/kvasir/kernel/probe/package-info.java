/**
 * What lives here: probes of the machine, the limits that speeds are measured against. Nothing here
 * takes part in inference. Read {@link io.kvasir.kernel.probe.MachineLimits} first.
 */
@NullMarked
package io.kvasir.kernel.probe;

import org.jspecify.annotations.NullMarked;
