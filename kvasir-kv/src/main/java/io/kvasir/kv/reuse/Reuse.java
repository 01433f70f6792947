package io.kvasir.kv.reuse;

/**
 * Which pairs of an earlier request serve this one? The answer is looked up before the prompt is
 * computed.
 */
public interface Reuse {
  /** Whether pairs of another request may ever serve one with this choice. */
  boolean shares();
}
