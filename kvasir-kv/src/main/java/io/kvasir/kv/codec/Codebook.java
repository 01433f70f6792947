package io.kvasir.kv.codec;

import java.util.Arrays;

/**
 * What codes stand for.
 *
 * @param points ascending, a power of two of them; a number is coded as the nearest
 * @param levels what the codes are read as: the points, or those spread to what rounding took away
 * @param bounds half way from each point to the next
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares codebooks, and nobody changes them
record Codebook(float[] points, float[] levels, float[] bounds) {
  Codebook(float[] points, float[] levels) {
    this(points, levels, new float[points.length - 1]);
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = (points[i] + points[i + 1]) / 2;
    }
  }

  /** Evenly spaced from -1 to 1. */
  static Codebook uniform(int size) {
    float[] points = new float[size];
    for (int i = 0; i < size; i++) {
      points[i] = 2f * i / (size - 1) - 1;
    }
    return new Codebook(points, points.clone());
  }

  /** Of the points followed by the levels. */
  static Codebook of(float[] both) {
    int size = both.length / 2;
    return new Codebook(Arrays.copyOf(both, size), Arrays.copyOfRange(both, size, both.length));
  }

  /** The points followed by the levels. */
  float[] both() {
    float[] both = Arrays.copyOf(points, 2 * points.length);
    System.arraycopy(levels, 0, both, points.length, points.length);
    return both;
  }

  /** The code of the nearest point; of two as near the lower one. */
  int nearest(float x) {
    int code = 0;
    for (int step = points.length / 2; step > 0; step /= 2) {
      code += x > bounds[code + step - 1] ? step : 0;
    }
    return code;
  }
}
