package io.kvasir.cli;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.hub.HubException;
import io.kvasir.engine.template.TemplateException;
import io.kvasir.kv.KvPlanException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns whatever a command throws into one sentence on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  static final int FAILED = 1;
  static final int WRONG_INPUT = 2;

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    return report(e);
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    print(e);
    return WRONG_INPUT;
  }

  /** Prints the sentence and tells the exit code. */
  static int report(Throwable e) {
    print(e);
    if ("1".equals(System.getenv("KVASIR_TRACE"))) {
      e.printStackTrace(System.err);
    }
    if (e instanceof CancellationException) {
      return Interrupts.EXIT_CODE;
    }
    return wrongInput(e) ? WRONG_INPUT : FAILED;
  }

  private static void print(Throwable e) {
    Terminal.tell(sentence(e));
  }

  /**
   * One sentence about a failure. It may quote control characters and newlines, of a file's name or
   * from a template's own words: whoever prints it sees to them.
   */
  static String sentence(Throwable e) {
    String message = e.getMessage();
    if (e instanceof UncheckedIOException io && io.getCause() != null) {
      return sentence(io.getCause());
    }
    if (e instanceof NoSuchFileException missing) {
      return "no file at " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      return "no permission to use " + denied.getFile();
    }
    if (e instanceof IOException && (message == null || e.getClass() != IOException.class)) {
      return e.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory: " + message + "; kvasir fit tells what a model and plan need";
    }
    if (message == null || e instanceof NullPointerException || e instanceof AssertionError) {
      return "internal error, please report it (KVASIR_TRACE=1 shows where): " + e;
    }
    return message;
  }

  private static boolean wrongInput(Throwable e) {
    return e instanceof UsageException
        || e instanceof KvPlanException
        || e instanceof ModelFormatException
        || e instanceof TemplateException
        || e instanceof IllegalArgumentException
        || e instanceof NoSuchFileException
        || e instanceof HubException hub && hub.isWrongName()
        || e instanceof UncheckedIOException io && io.getCause() instanceof NoSuchFileException;
  }
}
