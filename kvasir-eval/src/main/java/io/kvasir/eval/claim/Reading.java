package io.kvasir.eval.claim;

import io.kvasir.eval.task.Protocol;
import io.kvasir.kv.PrefillMode;

/**
 * How a plan is weighed.
 *
 * @param protocol when its cache is compressed
 * @param prefill how its prompts are read
 */
public record Reading(Protocol protocol, PrefillMode prefill) {}
