package io.kvasir.engine;

/**
 * How well a model foresaw a text of N tokens. The arrays belong to the caller.
 *
 * @param nll negative log-probability, in nats, of token 2 .. N given those before, [N - 1]
 * @param lastLogits after token N, [V]
 */
@SuppressWarnings("ArrayRecordComponent") // two results side by side; nobody compares them
public record Scores(double[] nll, float[] lastLogits) {}
