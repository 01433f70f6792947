package io.kvasir.engine.model;

import io.kvasir.kv.KvCache;

/**
 * The next tokens of one sequence.
 *
 * @param cache the pairs of the tokens before
 * @param ids at least one token; not changed, and not to be changed during the pass
 * @param role what all of them are
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's tokens, compared by nobody
public record Input(KvCache cache, int[] ids, Role role) {}
