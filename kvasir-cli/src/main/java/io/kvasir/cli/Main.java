package io.kvasir.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code kvasir} command. */
@Command(
    name = "kvasir",
    description = "Long-context LLM inference on the JVM; its subject is the key-value cache.",
    mixinStandardHelpOptions = true,
    version = "kvasir 0.1.0",
    subcommands = {
      AskCommand.class,
      BenchCommand.class,
      CalibrateCommand.class,
      ChatCommand.class,
      DemoCommand.class,
      EvalCommand.class,
      FitCommand.class,
      GenerateCommand.class,
      InspectCommand.class,
      KvCommand.class,
      ModelsCommand.class,
      PerplexityCommand.class,
      PullCommand.class,
      ScoreCommand.class,
      TemplateCommand.class,
      TokenizeCommand.class,
      HelpCommand.class,
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong input, 130 interrupted.",
      "With KVASIR_TRACE=1 in the environment, failures print a stack trace.",
    })
public final class Main implements Runnable {

  private Main() {}

  public static void main(String[] arguments) {
    Stderr.restore();
    System.exit(run(arguments));
  }

  /** Runs one command line and returns its exit code. */
  static int run(String... arguments) {
    try {
      return commandLine().execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError e) { // picocli hands on exceptions only
      return Failures.report(e);
    }
  }

  /** The commands and their options. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(new Failures());
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
