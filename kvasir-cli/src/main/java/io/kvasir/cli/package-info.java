/**
 * The {@code kvasir} command: one class per subcommand, and what they share. Commands parse, call
 * the engine and print; what a program could want as well is in {@code io.kvasir.engine}. Read
 * {@link io.kvasir.cli.Main} first.
 */
@NullMarked
package io.kvasir.cli;

import org.jspecify.annotations.NullMarked;
