package io.kvasir.engine.model;

/**
 * What a row is to its sequence. In fast precision the arithmetic of a row depends on its role, and
 * on nothing else: not on how many rows come together.
 */
public enum Role {
  /** A token of a prompt, read together with others. */
  PROMPT,
  /** A token read as decoding reads: what a model has said, or a text scored as if it had. */
  DECODED
}
