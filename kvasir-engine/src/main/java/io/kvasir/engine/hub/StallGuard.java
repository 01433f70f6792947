package io.kvasir.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Ends a body from which no byte has come for too long: the HTTP client's own timeout covers the
 * head of an answer only, and a read would wait forever.
 */
final class StallGuard implements AutoCloseable {
  private final InputStream body;
  private final Thread watcher;
  private volatile long lastMove = System.nanoTime();

  StallGuard(InputStream body, Duration patience) {
    this.body = body;
    watcher = Thread.ofVirtual().name("stall-guard").start(() -> watch(patience.toNanos()));
  }

  /** Bytes came. */
  void moved() {
    lastMove = System.nanoTime();
  }

  private void watch(long patience) {
    try {
      for (long left = patience; left > 0; left = patience - (System.nanoTime() - lastMove)) {
        Thread.sleep(Duration.ofNanos(left));
      }
      body.close(); // the reader's read() fails, which counts as a broken connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the body ended in time
    } catch (IOException e) {
      throw new IllegalStateException("cannot end a stalled download", e);
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
