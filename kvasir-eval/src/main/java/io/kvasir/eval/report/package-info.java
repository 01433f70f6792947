/**
 * What a sweep found as one HTML page. Start with {@link io.kvasir.eval.report.Report}, which puts
 * its sections together; each section is a class that turns {@link io.kvasir.eval.report.Findings},
 * the rows of {@code results.duckdb} in memory, into a piece of the page. Nothing here computes a
 * statistic that {@code stat} should: the page shows what is stored.
 */
@NullMarked
package io.kvasir.eval.report;

import org.jspecify.annotations.NullMarked;
