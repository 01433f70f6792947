package io.kvasir.eval.run;

/** Hears how far a sweep is. */
public interface SweepListener {
  /**
   * Another cell begins or ends.
   *
   * @param done cells done, of this and earlier starts
   * @param total cells of the sweep
   * @param what is being weighed, for people
   */
  void at(int done, int total, String what);

  /**
   * Called often; may throw a {@link java.util.concurrent.CancellationException}, which ends the
   * sweep. What was done stays.
   */
  void check();
}
