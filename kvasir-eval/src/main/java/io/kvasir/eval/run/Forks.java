package io.kvasir.eval.run;

import io.kvasir.engine.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Sequences that are closed together. */
final class Forks implements AutoCloseable {
  private final List<Sequence> open = new ArrayList<>();

  /** A fork of each. */
  static Forks of(List<Sequence> sequences) {
    Forks forks = new Forks();
    try {
      sequences.forEach(forks::add);
      return forks;
    } catch (RuntimeException e) {
      forks.close();
      throw e;
    }
  }

  /** Forks one more, which is returned. */
  Sequence add(Sequence sequence) {
    open.add(sequence.fork());
    return open.getLast();
  }

  /** In the order in which they were made. */
  List<Sequence> list() {
    return List.copyOf(open);
  }

  @Override
  public void close() {
    open.forEach(Sequence::close);
  }
}
