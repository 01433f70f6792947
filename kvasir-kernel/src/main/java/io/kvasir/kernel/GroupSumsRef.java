package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** What {@link GroupSums} computes, one number after the other. */
public final class GroupSumsRef {
  private GroupSumsRef() {}

  /** Twin of {@link GroupSums#add} for one row of x. */
  public static void add(
      PageGroups layout, float[] x, MemorySegment page, int n, int used, float[] out) {
    for (int lane = 0; lane < used; lane++) {
      float[] factors = new float[layout.positions()];
      float[] mins = new float[layout.positions()];
      float max = 0;
      for (int p = 0; p < n; p++) {
        int entry = layout.entry(page, lane, p);
        factors[p] = x[p] * Float.float16ToFloat((short) entry);
        mins[p] = Float.float16ToFloat((short) (entry >> 16));
        max = Math.max(max, Math.abs(factors[p]));
      }
      float step = max < ByteRowsRef.SMALLEST ? 0 : max / GroupSums.largest(layout.bits());
      float inverse = step == 0 ? 0 : 1 / step;
      int sum = 0;
      for (int p = 0; p < n; p++) {
        sum += layout.code(page, lane, p) * rounded(factors[p], inverse);
      }
      float base = FloatsRef.dot(x, 0, mins, 0, layout.positions());
      out[lane] = Math.fma(sum, step, out[lane] + base);
    }
  }

  private static int rounded(float factor, float inverse) {
    return (int) (Math.fma(factor, inverse, ByteRows.ROUNDER) - ByteRows.ROUNDER);
  }
}
