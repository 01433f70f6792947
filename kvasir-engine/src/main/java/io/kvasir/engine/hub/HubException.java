package io.kvasir.engine.hub;

/**
 * A model cannot be found or fetched. The message is one sentence that names what failed and what
 * to do next; it never contains the token, and no control characters.
 */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private enum Cause {
    /** A source of models: another one may fare better. */
    SOURCE,
    /** This machine: no other source of the same file would fare better. */
    MACHINE,
    /** What the user wrote. */
    NAME
  }

  private final Cause cause;

  HubException(String message) {
    this(message, Cause.SOURCE);
  }

  private HubException(String message, Cause cause) {
    super(printable(message));
    this.cause = cause;
  }

  /** Trouble on this machine. */
  static HubException local(String message) {
    return new HubException(message, Cause.MACHINE);
  }

  /** The name given is none, or not one of a model that is here. */
  static HubException wrongName(String message) {
    return new HubException(message, Cause.NAME);
  }

  /** The calling thread was interrupted; its interrupt status is set again. */
  static HubException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return local("interrupted while " + doing + "; the same command continues from there");
  }

  boolean anotherRouteMayHelp() {
    return cause == Cause.SOURCE;
  }

  /** Whether another name, rather than another attempt, would help. */
  public boolean isWrongName() {
    return cause == Cause.NAME;
  }

  /** Names and answers come from elsewhere: what could steer a terminal is shown as a dot. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "\u00b7");
  }
}
