package io.kvasir.kernel;

/** Scalar twins that define {@link Activations}. */
public final class ActivationsRef {
  private static final double ROOT = Math.sqrt(2 / Math.PI);

  /** {@code -2z = (LINEAR + CUBIC g^2) g}. */
  static final float LINEAR = (float) (-2 * ROOT);

  static final float CUBIC = (float) (-2 * ROOT * 0.044715);

  private ActivationsRef() {}

  /** {@code g / (1 + e^-g)}. */
  public static float silu(float g) {
    return g / (ExpRef.exp(-g) + 1f);
  }

  /** {@code 0.5 g (1 + tanh(sqrt(2/pi) (g + 0.044715 g^3)))}. */
  public static float geluTanh(float g) {
    float z = (g * g * CUBIC + LINEAR) * g;
    return g / (ExpRef.exp(z) + 1f);
  }
}
