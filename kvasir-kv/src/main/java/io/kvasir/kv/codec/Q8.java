package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * q8: 8-bit integers, one f16 scale per row. Page layout, version 1, little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   both     0       128     scale[slot]       f16: |row|max / 127; 0 for a row of zeros
 *   keys     128     64*D    word[d/4][slot]   four i8 in [-127, 127], channel d lowest
 *   values   128     64*D    code[slot][d]     i8 in [-127, 127], row by row
 * </pre>
 *
 * <p>{@code x = scale * code}. Example: a row (127, -63.6) has scale 00 3C and codes 7F C0.
 *
 * <p>Cost: 8 + 16/D bits per element. Error: at most |row|max / 250 + 4e-6; |x| above 8319008 is
 * refused. D is a multiple of 16.
 */
@KvMethod(
    value = "q8",
    summary = "8-bit integers, one f16 scale per row",
    about =
        "One scale for a row of a head, codes of a byte: half the bytes and a loss that is "
            + "hard to measure. The first step towards more context. Goes with everything, and as "
            + "k:q8 beside fewer bits for values.",
    source = "round to nearest; vLLM's int8 per token and head stores the same with an f32 scale",
    cost = "2 D + 4 bytes per pair",
    formula = "scale = f16(max |x| / 127); code = round(x / scale)")
record Q8() implements Codec, BlockCoder {
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
    short bits = Float.floatToFloat16(max / 127);
    float scale = Float.float16ToFloat(bits); // codes count in the scale that will be read back
    for (int i = 0; i < n; i++) {
      codes[i] = scale == 0 ? 0 : Math.clamp(Math.round(x[at + i] / scale), -127, 127);
    }
    return bits;
  }

  @Override
  public String name() {
    return "q8";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 16, PageLayout.Code.I8, PageLayout.Side.SCALE, dim);
  }
}
