package io.kvasir.kernel;

/** Scalar twins that define {@link Bf16Softmax}. */
public final class Bf16SoftmaxRef {
  private Bf16SoftmaxRef() {}

  /** {@code e^(x - max)} before it is rounded to bf16. */
  public static float weight(float x, float max) {
    float d = x - max;
    if (d < Bf16Softmax.LOWEST) {
      return 0;
    }
    float rounded = Math.fma(d, Bf16Softmax.LOG2E, Bf16Softmax.ROUND);
    float r = Math.fma(rounded - Bf16Softmax.ROUND, -Bf16Softmax.LN2, d);
    float p = Math.fma(Bf16Softmax.C4, r, Bf16Softmax.C3);
    p = Math.fma(p, r, Bf16Softmax.C2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    int power = Float.floatToRawIntBits(rounded) << 23; // n, moved to where the exponent is
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + power);
  }

  /** Twin of {@link Bf16Softmax#weights}: sums of the weights of n scores. */
  public static float[] partials(float[] x, int n, float max) {
    float[] partials = new float[Bf16Softmax.PARTIALS];
    for (int j = 0; j < n; j++) {
      partials[j % Bf16Softmax.PARTIALS] += weight(x[j], max);
    }
    return partials;
  }
}
