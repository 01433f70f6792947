package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin that defines {@link CodeRuns}. */
public final class CodeRunsRef {
  private CodeRunsRef() {}

  /** Code {@code i} of a run that begins at byte {@code at}. */
  public static int code(MemorySegment from, long at, int bits, int i) {
    int code = 0;
    for (int b = 0; b < bits; b++) {
      int bit = i * bits + b;
      code |= (from.get(ValueLayout.JAVA_BYTE, at + bit / 8) >> bit % 8 & 1) << b;
    }
    return code;
  }

  /** A number of {@link CodeRuns#rows} and {@link CodeRuns#columns}. */
  public static float centred(int code, float scale, float zero) {
    return scale * (code - zero);
  }
}
