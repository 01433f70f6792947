package io.kvasir.engine.hub;

/** Hears how a pull goes. Called on the pulling thread, often; implementations should be quick. */
public interface PullProgress {
  /** Hears nothing. */
  PullProgress NONE =
      new PullProgress() {
        @Override
        public void says(String sentence) {}

        @Override
        public void bytes(long done, long total) {}
      };

  /** A new step begins, for example another route is taken. */
  void says(String sentence);

  /**
   * @param done bytes of the whole model that are here
   * @param total bytes of the whole model, all files of a split one together; -1 when unknown
   */
  void bytes(long done, long total);
}
