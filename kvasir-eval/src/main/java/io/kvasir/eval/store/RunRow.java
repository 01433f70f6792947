package io.kvasir.eval.store;

import java.time.Instant;

/**
 * One start of a sweep. A sweep that was stopped and started again has two.
 *
 * @param runId unique
 * @param started to the microsecond
 * @param status {@code running}, {@code done}, {@code failed} (some cell did) or {@code stopped}
 * @param build the commit, shortened
 * @param dirty whether the tree differed from that commit
 * @param command as it was typed
 * @param spec the sweep as JSON: models, plans, tasks, sizes
 */
public record RunRow(
    @Key String runId,
    Instant started,
    String status,
    String build,
    boolean dirty,
    String command,
    long seed,
    String spec)
    implements Row {}
