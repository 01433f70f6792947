/**
 * The user's own data: documents with questions, read from the files of published benchmarks or
 * from a text and a list of questions. Start with {@link io.kvasir.eval.data.DataFile}; {@link
 * io.kvasir.eval.data.DataFormat} is the table of formats, one file each behind it, and {@link
 * io.kvasir.eval.data.DataTask} makes items of a ctx. Scores are {@link
 * io.kvasir.eval.task.Metric}'s.
 */
@NullMarked
package io.kvasir.eval.data;

import org.jspecify.annotations.NullMarked;
