package io.kvasir.eval.task;

/**
 * A sentence that is hidden in a haystack.
 *
 * @param depth where, in [0, 1)
 */
record Evidence(String sentence, double depth) {}
