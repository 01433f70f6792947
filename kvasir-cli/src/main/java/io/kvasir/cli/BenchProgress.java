package io.kvasir.cli;

import io.kvasir.cli.bench.Bench;
import java.util.Optional;

/** Shows how far a benchmark is: a progress bar for each step that takes long. */
final class BenchProgress implements Bench.Listener, AutoCloseable {
  private String shown = "";
  private Optional<Progress> bar = Optional.empty();

  @Override
  public void progressed(String what, long done, long total) {
    if (!what.equals(shown)) {
      close();
      shown = what;
      bar = Optional.of(new Progress(what));
    }
    bar.ifPresent(progress -> progress.to(done, total));
  }

  @Override
  public void close() {
    bar.ifPresent(Progress::close);
    bar = Optional.empty();
    shown = "";
  }
}
