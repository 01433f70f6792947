package io.kvasir.kv.codec;

import io.kvasir.kernel.PageLayout;
import io.kvasir.kv.KvMethod;

/**
 * f32: rows as they are. Page layout, version 1, little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       256*D   x[d][slot]   f32, channel by channel
 *   values   0       256*D   x[slot][d]   f32, row by row
 * </pre>
 *
 * <p>Example: the number 1 is 00 00 80 3F.
 *
 * <p>Cost: 32 bits per element. Error: none. D is a multiple of 16.
 */
@KvMethod(
    value = "f32",
    summary = "keys and values as f32",
    about =
        "Nothing is rounded. Exact prefills read prompts in it; as a plan it is the measure "
            + "of all others, at twice the bytes of f16.",
    source = "IEEE 754",
    cost = "8 D bytes per pair",
    formula = "x")
record F32() implements Codec, BlockCoder {
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
    return Float.MAX_VALUE;
  }

  @Override
  public int code(float[] x, int at, int n, int[] codes) {
    for (int i = 0; i < n; i++) {
      codes[i] = Float.floatToRawIntBits(x[at + i]);
    }
    return 0;
  }

  @Override
  public String name() {
    return "f32";
  }

  private PageLayout layout(int dim) {
    return BlockCoder.layout(name(), dim, 16, PageLayout.Code.F32, PageLayout.Side.NONE, dim);
  }
}
