package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Random tensors in every file format. */
final class Blocks {
  private Blocks() {}

  /** Random codes and scales; the f16 fields are finite and of both signs, some subnormal. */
  static MemorySegment random(TensorType type, int rows, int cols, long seed) {
    Random random = new Random(seed);
    int blocks = rows * cols / type.blockElements();
    byte[] bytes = new byte[blocks * type.blockBytes()];
    random.nextBytes(bytes);
    MemorySegment s = MemorySegment.ofArray(bytes);
    for (int b = 0; b < blocks; b++) {
      long at = (long) b * type.blockBytes();
      switch (type) {
        case F32 ->
            s.set(
                java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED,
                at,
                (float) random.nextGaussian());
        case BF16 ->
            s.set(
                java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED,
                at,
                (short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
        case F16, Q4_0, Q5_0, Q8_0, IQ4_NL -> half(s, at, random);
        case Q4_1, Q5_1, Q4_K, Q5_K -> {
          half(s, at, random);
          half(s, at + 2, random);
        }
        case Q2_K -> {
          half(s, at + 80, random);
          half(s, at + 82, random);
        }
        case Q3_K -> half(s, at + 108, random);
        case Q6_K -> half(s, at + 208, random);
      }
    }
    return s;
  }

  private static void half(MemorySegment s, long at, Random random) {
    double scale = random.nextInt(20) == 0 ? 1e-6 : 0.1;
    Half.set(s, at, (float) (random.nextGaussian() * scale));
  }

  static float[] floats(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }
}
