package io.kvasir.cli;

import java.util.concurrent.CancellationException;
import org.jline.utils.Signals;

/**
 * Ctrl-C while the model works: the first one asks it to stop, and what there is gets printed; a
 * second one ends the process at once. Outside of such work the JVM's own handling holds, which
 * ends the process.
 */
final class Interrupts implements AutoCloseable {
  /** As shells report a death by SIGINT. */
  static final int EXIT_CODE = 130;

  private static final String SIGNAL = "INT";

  private volatile boolean requested;
  private final Object before;

  private Interrupts() {
    before = Signals.register(SIGNAL, this::request);
  }

  /** Listens until closed. */
  static Interrupts listen() {
    return new Interrupts();
  }

  private void request() {
    if (requested) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
    requested = true;
  }

  boolean requested() {
    return requested;
  }

  /**
   * To be called often.
   *
   * @throws CancellationException once Ctrl-C was pressed
   */
  void check() {
    if (requested) {
      throw new CancellationException("interrupted");
    }
  }

  @Override
  public void close() {
    Signals.unregister(SIGNAL, before);
  }
}
