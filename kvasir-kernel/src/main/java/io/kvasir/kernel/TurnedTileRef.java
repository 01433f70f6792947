package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin that defines {@link TurnedTile}. */
final class TurnedTileRef {
  private TurnedTileRef() {}

  static void multiplyAdd(
      float[] q, int dim, int count, MemorySegment keys, Turns turns, float[] out) {
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < Turns.COLUMNS; j++) {
        float sum = out[i * Turns.COLUMNS + j];
        for (int p = 0; p < turns.half(); p++) {
          float cos = turns.table()[p * Turns.COLUMNS + j];
          float sin = turns.table()[turns.sines() + p * Turns.COLUMNS + j];
          float a = number(keys, turns.low(p), j);
          float b = number(keys, turns.high(p), j);
          sum = Math.fma(Math.fma(a, cos, -(b * sin)), q[i * dim + turns.low(p)], sum);
          sum = Math.fma(Math.fma(b, cos, a * sin), q[i * dim + turns.high(p)], sum);
        }
        for (int d = 2 * turns.half(); d < dim; d++) {
          sum = Math.fma(number(keys, d, j), q[i * dim + d], sum);
        }
        out[i * Turns.COLUMNS + j] = sum;
      }
    }
  }

  private static float number(MemorySegment keys, int d, int j) {
    return keys.getAtIndex(ValueLayout.JAVA_FLOAT, (long) d * Turns.COLUMNS + j);
  }
}
