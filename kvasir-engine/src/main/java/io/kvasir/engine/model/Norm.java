package io.kvasir.engine.model;

import io.kvasir.kernel.RmsNorm;

/** An RMS norm with its weights, f32 [n]. */
final class Norm {
  private final float[] weight;
  private final float eps;

  Norm(float[] weight, float eps) {
    this.weight = weight;
    this.eps = eps;
  }

  /** {@code y[yAt ..] = norm(x[xAt ..])}; y may be x. */
  void apply(float[] x, int xAt, float[] y, int yAt) {
    RmsNorm.apply(x, xAt, weight, eps, y, yAt);
  }
}
