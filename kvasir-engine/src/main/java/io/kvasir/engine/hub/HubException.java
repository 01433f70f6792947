package io.kvasir.engine.hub;

/**
 * A model cannot be found or fetched. The message is one sentence that names what failed and what
 * to do next; it never contains the token, and no control characters.
 */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean anotherRouteMayHelp;

  HubException(String message) {
    this(message, true);
  }

  private HubException(String message, boolean anotherRouteMayHelp) {
    super(printable(message));
    this.anotherRouteMayHelp = anotherRouteMayHelp;
  }

  /** Trouble on this machine: no other source of the same file would fare better. */
  static HubException local(String message) {
    return new HubException(message, false);
  }

  /** The calling thread was interrupted; its interrupt status is set again. */
  static HubException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return local("interrupted while " + doing + "; the same command continues from there");
  }

  boolean anotherRouteMayHelp() {
    return anotherRouteMayHelp;
  }

  /** Names and answers come from elsewhere: what could steer a terminal is shown as a dot. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "\u00b7");
  }
}
