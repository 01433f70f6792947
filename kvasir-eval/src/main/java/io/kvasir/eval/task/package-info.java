/**
 * What plans are asked: tasks that make contexts with questions, the corpora they are made of, and
 * the metrics that score answers. Start with {@link io.kvasir.eval.task.Task} and the table of
 * contents, {@link io.kvasir.eval.task.Tasks}; a task is one package-private record.
 *
 * <p>Everything is determined by the {@link io.kvasir.eval.task.Recipe}. Nothing here knows models,
 * plans or results: whoever runs a task puts template and tokens around its texts.
 */
@NullMarked
package io.kvasir.eval.task;

import org.jspecify.annotations.NullMarked;
