package io.kvasir.cli;

/** What the user gave is wrong; the message is the one sentence that is printed, exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
