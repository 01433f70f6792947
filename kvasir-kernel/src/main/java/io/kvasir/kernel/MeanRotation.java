package io.kvasir.kernel;

/**
 * The mean of the rotations of consecutive positions. It is linear but no rotation: pairs that turn
 * fast come out shorter, down to nothing. Immutable.
 */
public final class MeanRotation {
  private final Rotary.Pairs pairs;
  private final double[] cos; // means over the positions, one per pair
  private final double[] sin;

  MeanRotation(Rotary.Pairs pairs, double[] frequency, int from, int positions) {
    this.pairs = pairs;
    cos = new double[frequency.length];
    sin = new double[frequency.length];
    for (int i = 0; i < frequency.length; i++) {
      for (int p = from; p < from + positions; p++) {
        cos[i] += Math.cos(p * frequency[i]) / positions;
        sin[i] += Math.sin(p * frequency[i]) / positions;
      }
    }
  }

  /** Turns one head in place: {@code a' = a cos - b sin, b' = b cos + a sin} for each pair. */
  public void turn(double[] x, int at) {
    int half = cos.length;
    for (int i = 0; i < half; i++) {
      int first = at + (pairs == Rotary.Pairs.HALVES ? i : 2 * i);
      int second = first + (pairs == Rotary.Pairs.HALVES ? half : 1);
      double a = x[first];
      double b = x[second];
      x[first] = a * cos[i] - b * sin[i];
      x[second] = b * cos[i] + a * sin[i];
    }
  }
}
