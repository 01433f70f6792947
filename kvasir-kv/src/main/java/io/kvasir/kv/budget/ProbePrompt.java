package io.kvasir.kv.budget;

/** A prompt of a probe, and what it tells of a head that some of its tokens look somewhere. */
interface ProbePrompt {
  /** The whole prompt. */
  int[] ids();

  /** The first token whose attention counts. */
  int from();

  /** Behind the last token whose attention counts. */
  int to();

  /**
   * What the attention of one token adds to the score of its head.
   *
   * @param weights over the tokens {@code 0 .. token}; may be longer
   */
  double worth(float[] weights, int token);
}
