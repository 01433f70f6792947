package io.kvasir.cli;

import io.kvasir.cli.demo.DemoProgress;

/** Shows the two halves of a demo on standard error, and lets Ctrl-C end either. */
final class DemoBars implements DemoProgress, AutoCloseable {
  private final Interrupts interrupts;
  private Progress bar = new Progress("reading");
  private boolean asking;

  DemoBars(Interrupts interrupts) {
    this.interrupts = interrupts;
  }

  @Override
  public void reading(int done, int total) {
    interrupts.check();
    bar.to(done, total);
  }

  @Override
  public void asking(int done, int total) {
    interrupts.check();
    if (!asking) {
      asking = true;
      bar.close();
      bar = new Progress("asking");
    }
    bar.to(done, total);
  }

  @Override
  public void close() {
    bar.close();
  }
}
