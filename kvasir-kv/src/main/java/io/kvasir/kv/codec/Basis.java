package io.kvasir.kv.codec;

/**
 * An orthonormal basis of the space in which rows mostly lie.
 *
 * @param axes [rank][width], row by row
 * @param mean [width], taken off a row before it is projected; empty where rows are not centred
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares bases, and nobody changes them
record Basis(int rank, int width, float[] axes, float[] mean) {
  Basis {
    if (axes.length != rank * width || (mean.length != 0 && mean.length != width)) {
      throw new IllegalArgumentException(
          "%d numbers are not %d axes of %d".formatted(axes.length, rank, width));
    }
  }

  boolean centred() {
    return mean.length > 0;
  }
}
