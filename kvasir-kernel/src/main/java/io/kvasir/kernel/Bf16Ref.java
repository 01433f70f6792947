package io.kvasir.kernel;

/** Scalar definition of {@link Bf16}. */
final class Bf16Ref {
  private Bf16Ref() {}

  /** The upper half of the f32 that lies nearest; of two equally near the one farther from zero. */
  static short round(float x) {
    return (short) (Float.floatToRawIntBits(x) + 0x8000 >>> 16);
  }

  static float widen(short x) {
    return Float.intBitsToFloat(x << 16);
  }
}
