package io.kvasir.kernel;

/**
 * e^x of one float: the scalar twin that defines {@link Exp}.
 *
 * <p>{@code n = round(x / ln 2)}, {@code r = x - n ln 2} with ln 2 in two parts, {@code e^r = 1 + r
 * + r^2 P(r)} with the minimax P of Cephes' {@code expf} (Moshier), then times 2^n in two steps so
 * that subnormal results round once. Error below 1 ulp; -inf and below -104 give 0, above 89 gives
 * infinity, NaN stays NaN.
 */
public final class ExpRef {
  static final float LOG2E = 1.44269504f;
  static final float ROUND = 0x1.8p23f; // adding it leaves the nearest integer in the low bits
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  static final float P5 = 1.9875691500e-4f;
  static final float P4 = 1.3981999507e-3f;
  static final float P3 = 8.3334519073e-3f;
  static final float P2 = 4.1665795894e-2f;
  static final float P1 = 1.6666665459e-1f;
  static final float P0 = 5.0000001201e-1f;
  static final float LOWEST = -104f;
  static final float HIGHEST = 89f;

  private ExpRef() {}

  /** e^x. */
  public static float exp(float x) {
    if (x < LOWEST) {
      return 0f;
    }
    if (x > HIGHEST) {
      return Float.POSITIVE_INFINITY;
    }
    float rounded = Math.fma(x, LOG2E, ROUND);
    int n = Float.floatToRawIntBits(rounded) - Float.floatToRawIntBits(ROUND);
    float whole = rounded - ROUND;
    float r = Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, x));
    float p = Math.fma(P5, r, P4);
    p = Math.fma(p, r, P3);
    p = Math.fma(p, r, P2);
    p = Math.fma(p, r, P1);
    p = Math.fma(p, r, P0);
    float e = Math.fma(p, r * r, r) + 1f;
    int half = n >> 1;
    return e * power(half) * power(n - half);
  }

  private static float power(int n) {
    return Float.intBitsToFloat(n + 127 << 23);
  }
}
