package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * q4: 4-bit integers; 32 channels of a row share a scale and a zero point, packed in 16 bits. The
 * range always holds 0, so the zero point is one of the codes, and an outlier of one sign costs
 * half of what it costs symmetric codes such as {@code q4_0}'s, at the same size. Page layout,
 * version 1, little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       4*D     side[d/32][slot]   u16: zero + 16 * scale
 *   values   0       4*D     side[slot][d/32]
 *   keys     4*D     32*D    word[d/8][slot]    eight codes of 4 bits, channel d lowest
 *   values   4*D     32*D    byte[slot][d/2]    byte j of 16: channel j low, channel j + 16 high
 * </pre>
 *
 * <p>{@code x = scale * (code - zero)}. The scale's 12 bits are bits 3 to 14 of an f16, the others
 * 0; it is {@code (max - min) / 15} rounded up, so that the range fits. The zero point is {@code
 * -min / scale}, rounded.
 *
 * <p>Example: 32 channels (-1, 14, 0 ..) have scale 1 (f16 3C00) and zero point 1: side 01 78;
 * codes 0, 15, 1 .. .
 *
 * <p>Cost: 4.5 bits per element. Error: at most (max - min) / 29 + 3e-7 of the 32 channels and 0;
 * |x| above 489600 is refused. D is a multiple of 32.
 */
@KvMethod(
    value = "q4",
    summary = "4-bit integers, a scale and a zero point per 32 channels in 16 bits",
    about =
        "Sixteen levels between the smallest and the largest number of 32 channels. Keys have "
            + "a few channels of large numbers, which stretch the scale of their neighbours; where "
            + "that costs too much, k:q8 | v:q4 or kivi(bits=4) are next. Goes with everything.",
    source = "affine round to nearest with an integer zero point",
    cost = "1.125 D bytes per pair",
    formula =
        "scale = up((max - min) / 15); zero = round(-min / scale); code = round(x / scale) + zero")
record Q4() implements Codec, BlockCoder {
  @Override
  public KeyFormat keys(int dim) {
    return new RowKeys(this, layout(dim));
  }

  @Override
  public ValueFormat values(int dim) {
    return new RowValues(this, layout(dim));
  }

  /** A range of 15 times the largest scale, 65280, half of it on either side. */
  @Override
  public float limit() {
    return 489_600;
  }

  @Override
  public int code(float[] x, int at, int n, int[] codes) {
    float min = 0;
    float max = 0;
    for (int i = 0; i < n; i++) {
      min = Math.min(min, x[at + i]);
      max = Math.max(max, x[at + i]);
    }
    int bits = scaleBits((max - min) / 15);
    float scale = Float.float16ToFloat((short) bits);
    int zero = scale == 0 ? 0 : Math.clamp(Math.round(-min / scale), 0, 15);
    for (int i = 0; i < n; i++) {
      codes[i] = scale == 0 ? 0 : Math.clamp(Math.round(x[at + i] / scale) + zero, 0, 15);
    }
    return bits << 1 | zero;
  }

  /** The smallest f16 with three zero bits at its end that is not below x. */
  private static int scaleBits(float x) {
    int bits = Float.floatToFloat16(x) & 0x7ff8;
    return Float.float16ToFloat((short) bits) < x ? bits + 8 : bits;
  }

  @Override
  public String name() {
    return "q4";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 32, PageLayout.Code.U4, PageLayout.Side.ZERO_POINT, 32);
  }
}
