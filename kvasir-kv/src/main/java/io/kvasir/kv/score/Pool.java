package io.kvasir.kv.score;

/**
 * How neighbours share their votes, so that a chosen key brings its surroundings. The window has
 * odd width, and beyond the ends there are zeros.
 */
enum Pool {
  /** The sum over the window divided by its width, at the ends too. */
  MEAN {
    @Override
    float at(float[] votes, int from, int to, int width) {
      float sum = 0;
      for (int i = from; i < to; i++) {
        sum += votes[i];
      }
      return sum / width;
    }
  },
  /** The largest vote of the window. */
  MAX {
    @Override
    float at(float[] votes, int from, int to, int width) {
      float max = 0;
      for (int i = from; i < to; i++) {
        max = Math.max(max, votes[i]);
      }
      return max;
    }
  };

  abstract float at(float[] votes, int from, int to, int width);

  /** Pools {@code votes}, none of them negative, into {@code out} of the same length. */
  final void apply(float[] votes, int width, float[] out) {
    int reach = width / 2;
    for (int i = 0; i < out.length; i++) {
      out[i] = at(votes, Math.max(0, i - reach), Math.min(out.length, i + reach + 1), width);
    }
  }
}
