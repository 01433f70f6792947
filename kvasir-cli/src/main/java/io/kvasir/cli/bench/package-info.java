/**
 * Measuring speed, with the tests and output formats of llama-bench, so that both can be compared
 * by the same scripts. Read {@link io.kvasir.cli.bench.Bench} first.
 */
@NullMarked
package io.kvasir.cli.bench;

import org.jspecify.annotations.NullMarked;
