package io.kvasir.kv;

/**
 * Where a sequence stands when it is cut.
 *
 * @param seen tokens it has seen
 * @param prompt how many of them are its prompt; as many as {@code seen} while that is being read
 * @param keep pairs that a head keeps on average, protected ones included
 */
public record CutPoint(int seen, int prompt, int keep) {

  /** The end of a prompt, or of a part of it. */
  public static CutPoint ofPrompt(int seen, int keep) {
    return new CutPoint(seen, seen, keep);
  }

  /** Whether tokens have been decoded since the prompt. */
  public boolean decoding() {
    return seen > prompt;
  }
}
