package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar twin that defines {@link FloatTile}. */
public final class FloatTileRef {
  private FloatTileRef() {}

  /** Twin of {@link FloatTile#multiplyAdd}, for any number of rows. */
  public static void multiplyAdd(
      float[] a, int width, int rows, int depth, MemorySegment b, float[] c, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = c[i * columns + j];
        for (int k = 0; k < depth; k++) {
          float x = Float.intBitsToFloat(b.get(Tile.INT, 4L * (k * columns + j)));
          sum = Math.fma(x, a[i * width + k], sum);
        }
        c[i * columns + j] = sum;
      }
    }
  }
}
