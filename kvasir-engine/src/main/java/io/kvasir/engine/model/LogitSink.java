package io.kvasir.engine.model;

/** Says which logits of a pass are wanted, and takes them. */
public interface LogitSink {
  /** Wants none. */
  LogitSink NONE =
      new LogitSink() {
        @Override
        public boolean wants(int input, int row) {
          return false;
        }

        @Override
        public void accept(int input, int row, float[] logits, int at) {
          throw new IllegalStateException("logits came that nobody wants");
        }
      };

  /**
   * Whether the logits after a token are wanted: those that say what follows it. Asked once, before
   * the token passes.
   *
   * @param input index of the sequence in the batch, 0 in a prefill
   * @param row index of the token in that input
   */
  boolean wants(int input, int row);

  /**
   * Takes the logits after a token. Rows of one input come in order.
   *
   * @param logits V of them at {@code logits[at ..]}, valid during the call
   */
  void accept(int input, int row, float[] logits, int at);
}
