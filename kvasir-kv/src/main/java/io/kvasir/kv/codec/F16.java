package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * f16: rows rounded to IEEE binary16. Page layout, version 1, little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       128*D   word[d/2][slot]   two f16: channel d low, channel d + 1 high
 *   values   0       128*D   x[slot][d]        f16, row by row
 * </pre>
 *
 * <p>Example: a key (1, -2) is the word 00 3C 00 C0.
 *
 * <p>Cost: 16 bits per element. Error: at most |x| / 2048 + 3e-8; |x| above 65504 is refused. D is
 * a multiple of 16.
 */
@KvMethod(
    value = "f16",
    summary = "keys and values as f16: the full cache",
    about =
        "The full cache of every engine: numbers rounded to 11 significant bits. How far it "
            + "is from f32 is the floor below which a sweep calls no loss a loss.",
    source = "IEEE 754",
    cost = "4 D bytes per pair",
    formula = "f16(x)")
record F16() implements Codec, BlockCoder {
  @Override
  public boolean exact() {
    return true;
  }

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
    return 65504;
  }

  @Override
  public int code(float[] x, int at, int n, int[] codes) {
    for (int i = 0; i < n; i++) {
      codes[i] = Float.floatToFloat16(x[at + i]);
    }
    return 0;
  }

  @Override
  public String name() {
    return "f16";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 16, PageLayout.Code.F16, PageLayout.Side.NONE, dim);
  }
}
