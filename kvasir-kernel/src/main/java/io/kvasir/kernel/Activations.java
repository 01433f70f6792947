package io.kvasir.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * The gates of feed-forward layers; each is the operations of {@link ActivationsRef}, lane by lane.
 */
public final class Activations {
  /** {@code out = activation(gate) * up}, n elements; out may be gate or up. */
  @FunctionalInterface
  public interface Gate {
    void apply(float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int n);
  }

  private Activations() {}

  /** {@code out = gate / (1 + e^-gate) * up}, n elements; out may be gate or up. */
  public static void silu(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int n) {
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector g = FloatVector.fromArray(Lanes.F, gate, gateAt + i);
      FloatVector u = FloatVector.fromArray(Lanes.F, up, upAt + i);
      g.div(Exp.exp(g.neg()).add(1f)).mul(u).intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = ActivationsRef.silu(gate[gateAt + i]) * up[upAt + i];
    }
  }

  /**
   * {@code out = gelu(gate) * up}, the tanh form of GELU that Gemma uses, n elements; out may be
   * gate or up. {@code 0.5 g (1 + tanh z) = g / (1 + e^-2z)} with {@code z = sqrt(2/pi) (g +
   * 0.044715 g^3)}.
   */
  public static void geluTanh(
      float[] gate, int gateAt, float[] up, int upAt, float[] out, int outAt, int n) {
    FloatVector linear = FloatVector.broadcast(Lanes.F, ActivationsRef.LINEAR);
    int i = 0;
    for (; i <= n - Lanes.N; i += Lanes.N) {
      FloatVector g = FloatVector.fromArray(Lanes.F, gate, gateAt + i);
      FloatVector u = FloatVector.fromArray(Lanes.F, up, upAt + i);
      FloatVector z = g.mul(g).mul(ActivationsRef.CUBIC).add(linear).mul(g);
      g.div(Exp.exp(z).add(1f)).mul(u).intoArray(out, outAt + i);
    }
    for (; i < n; i++) {
      out[outAt + i] = ActivationsRef.geluTanh(gate[gateAt + i]) * up[upAt + i];
    }
  }
}
