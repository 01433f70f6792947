package io.kvasir.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code kvasir eval}: weighs plans; its verbs are classes of their own. */
@Command(
    name = "eval",
    description = "Weighs plans on tasks: quality, bytes and speed, with error bars.",
    mixinStandardHelpOptions = true,
    subcommands = {
      EvalDiffCommand.class,
      EvalExportCommand.class,
      EvalKldCommand.class,
      EvalListCommand.class,
      EvalShowCommand.class,
    })
final class EvalCommand implements Runnable {
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
