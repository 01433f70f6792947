package io.kvasir.cli.demo;

/**
 * Hears how the demo goes, often, on its thread; may throw {@link
 * java.util.concurrent.CancellationException} to end it.
 */
public interface DemoProgress {
  /** Hears nothing. */
  DemoProgress NONE =
      new DemoProgress() {
        @Override
        public void reading(int done, int total) {}

        @Override
        public void asking(int done, int total) {}
      };

  /** The document passes the model; rows times layers. */
  void reading(int done, int total);

  /** Questions are answered; questions times plans. */
  void asking(int done, int total);
}
