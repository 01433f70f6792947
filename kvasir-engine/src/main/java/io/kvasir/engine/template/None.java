package io.kvasir.engine.template;

/** Python's None: what null in a context becomes. */
enum None {
  NONE
}
