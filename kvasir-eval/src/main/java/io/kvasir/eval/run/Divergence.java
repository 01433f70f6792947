package io.kvasir.eval.run;

/**
 * How far a plan's predictions are from f16's over some tokens; means are per token, in nats.
 *
 * @param bucket which stretch of tokens, from 0
 * @param far whether only those that need the far context count
 * @param n tokens, at least 1
 * @param nll the plan's
 * @param nllF16 f16's
 * @param klMean KL(f16 to plan)
 * @param klP99 the smallest value that 99 % of the tokens do not exceed
 * @param klMax the largest
 * @param top1 share of tokens with the same most likely token
 */
record Divergence(
    int bucket,
    boolean far,
    int n,
    double nll,
    double nllF16,
    double klMean,
    double klP99,
    double klMax,
    double top1) {}
