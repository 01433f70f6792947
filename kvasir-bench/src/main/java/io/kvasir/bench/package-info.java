/**
 * What lives here: the page {@code docs/performance.md}, made of a template and result files. The
 * benchmarks of the kernels are beside it, in the packages they measure. Nothing here is part of
 * the program. Read {@link io.kvasir.bench.PerformancePage} first.
 */
@NullMarked
package io.kvasir.bench;

import org.jspecify.annotations.NullMarked;
