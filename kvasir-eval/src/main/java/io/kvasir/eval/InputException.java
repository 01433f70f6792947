package io.kvasir.eval;

/**
 * What the user gave is wrong: a plan file, a data file, a task, a text. The message is one
 * sentence that says where, names the value and what was expected; the command ends with 2.
 */
public final class InputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }
}
