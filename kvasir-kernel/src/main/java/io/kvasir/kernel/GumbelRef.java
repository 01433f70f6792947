package io.kvasir.kernel;

/**
 * Numbers drawn from the Gumbel(0, 1) distribution, each from a key and an index alone: the scalar
 * twin that defines {@link Gumbel}.
 *
 * <p>{@code g = -ln(-ln u)}, u the upper 23 bits of a hash of key and index, moved to the middle of
 * their step, so that neither logarithm meets 0 or 1: g is in (-2.82, 16.64). The hash is Wellons'
 * {@code lowbias32} (2018), twice; the logarithm Cephes' {@code logf} (Moshier).
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the constants are written as published
public final class GumbelRef {
  static final int GOLDEN = 0x9E3779B9;
  static final int MIX_1 = 0x7FEB352D;
  static final int MIX_2 = 0x846CA68B;
  static final float STEP = 0x1p-23f;
  static final float SQRT_HALF = 0.707106781186547524f;
  static final float[] P = {
    7.0376836292e-2f,
    -1.1514610310e-1f,
    1.1676998740e-1f,
    -1.2420140846e-1f,
    1.4249322787e-1f,
    -1.6668057665e-1f,
    2.0000714765e-1f,
    -2.4999993993e-1f,
    3.3333331174e-1f
  };
  static final float LN2_LOW = -2.12194440e-4f;
  static final float LN2_HIGH = 0.693359375f;

  private GumbelRef() {}

  /** The number of {@code index} under {@code key}. */
  public static float draw(int key, int index) {
    int hash = mix(mix(key + index * GOLDEN) ^ key);
    float u = Math.fma((float) (hash >>> 9), STEP, STEP / 2);
    return -log(-log(u));
  }

  /** {@code x[at + i] = (x[at + i] + draw(key, index + i)) * factor}. */
  public static void add(float[] x, int at, int n, int key, int index, float factor) {
    for (int i = 0; i < n; i++) {
      x[at + i] = (x[at + i] + draw(key, index + i)) * factor;
    }
  }

  private static int mix(int value) {
    int x = value;
    x = (x ^ x >>> 16) * MIX_1;
    x = (x ^ x >>> 15) * MIX_2;
    return x ^ x >>> 16;
  }

  /** The natural logarithm of a positive, normal number. */
  static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    float exponent = (bits >>> 23) - 126;
    float m = Float.intBitsToFloat(bits & 0x7FFFFF | 0x3F000000); // [0.5, 1)
    if (m < SQRT_HALF) {
      exponent -= 1;
      m += m;
    }
    float r = m - 1;
    float z = r * r;
    float p = P[0];
    for (int i = 1; i < P.length; i++) {
      p = Math.fma(p, r, P[i]);
    }
    float y = Math.fma(exponent, LN2_LOW, p * r * z);
    y = Math.fma(-0.5f, z, y);
    return Math.fma(exponent, LN2_HIGH, r + y);
  }
}
