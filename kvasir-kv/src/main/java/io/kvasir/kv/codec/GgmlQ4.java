package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * q4_0: ggml's blocks of 32 channels, an f16 scale and 4-bit integers. Scales and codes are those
 * of ggml's reference quantiser; only their order is the page's. Page layout, version 1,
 * little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       4*D     scale[d/32][slot]   f16: m / -8, m the number of largest magnitude
 *   values   0       4*D     scale[slot][d/32]
 *   keys     4*D     32*D    word[d/8][slot]     eight codes of 4 bits, channel d lowest
 *   values   4*D     32*D    byte[slot][d/2]     byte j of 16: channel j low, channel j + 16 high
 * </pre>
 *
 * <p>{@code x = scale * (code - 8)}. Example: a block (8, -8, 0 ..) has scale -1 (00 BC) and codes
 * 0, 15, 8 .. : m itself is exact, its opposite comes back as -7.
 *
 * <p>Cost: 4.5 bits per element. Error: at most |m| / 7.9 + 3e-7; |x| above 524032 is refused. D is
 * a multiple of 32.
 */
@KvMethod(
    value = "q4_0",
    summary = "ggml's 4-bit blocks, for comparison with llama.cpp",
    about =
        "Stores what llama.cpp stores with -ctk q4_0 -ctv q4_0, so that figures can be "
            + "compared. Goes with everything.",
    source = "ggml, quantize_row_q4_0_ref",
    cost = "1.125 D bytes per pair",
    formula =
        "m = x of largest |x|; d = m / -8; code = min(15, trunc(x * (1 / d) + 8.5)); scale = f16(d)",
    differs = "queries stay f32, where llama.cpp rounds them to q8_0")
record GgmlQ4() implements Codec, BlockCoder {
  @Override
  public KeyFormat keys(int dim) {
    return new RowKeys(this, layout(dim));
  }

  @Override
  public ValueFormat values(int dim) {
    return new RowValues(this, layout(dim));
  }

  @Override
  public float limit() {
    return 8 * 65504f;
  }

  @Override
  public int code(float[] x, int at, int n, int[] codes) {
    float extreme = 0;
    for (int i = 0; i < n; i++) {
      if (Math.abs(x[at + i]) > Math.abs(extreme)) {
        extreme = x[at + i];
      }
    }
    float d = extreme / -8;
    float inverse = 1 / d;
    for (int i = 0; i < n; i++) {
      // d of zeros, and of numbers so small that 1 / d overflows, is stored as 0 whatever the codes
      float scaled = Float.isInfinite(inverse) ? 0 : x[at + i] * inverse;
      codes[i] = Math.min(15, (int) (scaled + 8.5f));
    }
    return Float.floatToFloat16(d); // the codes count in the scale before it is rounded
  }

  @Override
  public String name() {
    return "q4_0";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 32, PageLayout.Code.U4, PageLayout.Side.CENTERED, 32);
  }
}
