package io.kvasir.engine.template;

/** Something a template can call. */
interface Callable {
  Object call(Arguments arguments, Evaluator evaluator);
}
