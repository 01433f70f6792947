package io.kvasir.eval.task;

/** How many tokens a text has in the model that will read it; without special tokens. */
@FunctionalInterface
public interface TokenCounter {
  int count(String text);
}
