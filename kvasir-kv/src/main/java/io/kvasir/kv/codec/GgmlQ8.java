package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * q8_0: ggml's blocks of 32 channels, an f16 scale and 8-bit integers. Scales and codes are those
 * of ggml's reference quantiser; only their order is the page's. Page layout, version 1,
 * little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       4*D     scale[d/32][slot]   f16: |block|max / 127
 *   values   0       4*D     scale[slot][d/32]
 *   keys     4*D     64*D    word[d/4][slot]     four i8, channel d lowest
 *   values   4*D     64*D    code[slot][d]       i8, row by row
 * </pre>
 *
 * <p>{@code x = scale * code}. Example: a block (127, -63.5, 0 ..) has scale 00 3C and codes 7F C0
 * 00 .. : halves round away from zero.
 *
 * <p>Cost: 8.5 bits per element. Error: at most |block|max / 225 + 4e-6; |x| above 8319008 is
 * refused. D is a multiple of 32.
 */
@KvMethod(
    value = "q8_0",
    summary = "ggml's 8-bit blocks, for comparison with llama.cpp",
    about =
        "Stores what llama.cpp stores with -ctk q8_0 -ctv q8_0, so that figures can be "
            + "compared. Goes with everything; q8 takes fewer bytes.",
    source = "ggml, quantize_row_q8_0_ref",
    cost = "2.125 D bytes per pair",
    formula = "d = max |x| / 127; code = round(x * (1 / d)); scale = f16(d)",
    differs = "queries stay f32, where llama.cpp rounds them to q8_0 too")
record GgmlQ8() implements Codec, BlockCoder {
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
    return 127 * 65504f;
  }

  @Override
  public int code(float[] x, int at, int n, int[] codes) {
    float max = 0;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, Math.abs(x[at + i]));
    }
    float d = max / 127;
    float inverse = 1 / d;
    for (int i = 0; i < n; i++) {
      // d of zeros, and of numbers so small that 1 / d overflows, is stored as 0 whatever the codes
      codes[i] = Float.isInfinite(inverse) ? 0 : roundAway(x[at + i] * inverse);
    }
    return Float.floatToFloat16(d); // the codes count in the scale before it is rounded
  }

  /** C's {@code roundf}: halves away from zero; in f64, where adding a half is exact. */
  private static int roundAway(float x) {
    return (int) (x + Math.copySign(0.5, x));
  }

  @Override
  public String name() {
    return "q8_0";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 32, PageLayout.Code.I8, PageLayout.Side.SCALE, 32);
  }
}
