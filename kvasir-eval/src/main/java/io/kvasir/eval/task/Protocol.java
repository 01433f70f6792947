package io.kvasir.eval.task;

import java.util.Locale;

/** When the cache is compressed, seen from the questions. A key of every result. */
public enum Protocol {
  /** Before any question is seen; every question on a fork of its own. The default. */
  BLIND,
  /** With the question inside the compressed prompt. */
  AWARE,
  /** As blind, but the questions one after the other, gold answers between them. */
  TURNS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
