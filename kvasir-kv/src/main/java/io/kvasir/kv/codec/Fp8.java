package io.kvasir.kv.codec;

import io.kvasir.kv.KvMethod;
import io.kvasir.kv.Param;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * fp8-kv: numbers of 8 bits with an exponent, as GPUs cast to them. Page layout, version 1,
 * little-endian, head dim D:
 *
 * <pre>
 *            offset  bytes   field
 *   keys     0       64*D    code[d][slot]
 *   values   0       64*D    code[slot][d]
 *   both     64*D    256     scale[slot]    f32: |row|max / the largest number; not with scale=none
 * </pre>
 *
 * <p>{@code x = scale * number(code)}; the number is the nearest, of two the one with an even code,
 * and beyond the largest the largest. e4m3: sign, 4 bits of exponent of bias 7, 3 of mantissa, up
 * to 448. e5m2: 5 of bias 15, 2, up to 57344. Infinities are never written.
 *
 * <p>Cost: 8 + 32/D bits per element, 8 with scale=none. Error: |x| / 16 (e5m2: / 8) and half the
 * least number times the scale. D is a multiple of 16.
 */
@KvMethod(
    value = "fp8-kv",
    summary = "8-bit floating point numbers, one scale per row",
    about =
        "Each number keeps its own exponent, so small ones beside large ones lose no more than "
            + "they: rows with outliers are served better than by integers, all others worse. It is "
            + "what vLLM and SGLang store, for comparison with them. Goes with everything.",
    source = "vLLM, FP8_PER_TOKEN_HEAD and --kv-cache-dtype fp8; Micikevicius et al. 2022",
    cost = "2 D + 8 bytes per pair; a page is decoded by table",
    formula = "scale = max |x| / largest; code = nearest(x / scale), ties to even",
    differs = "no scale per tensor but 1, and none that is calibrated")
record Fp8(
    @Param(value = "e4m3", doc = "bits of exponent and mantissa") Numbers format,
    @Param(value = "token", doc = "one a row of a head, or none: 1") Scale scale)
    implements Codec {

  /** What codes stand for. */
  enum Numbers {
    E4M3(3, 7, 126),
    E5M2(2, 15, 123);

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final float[] ascending; // from 0, those of codes without a sign

    Numbers(int mantissa, int bias, int last) {
      ascending = new float[last + 1];
      for (int code = 0; code <= last; code++) {
        int exponent = code >> mantissa;
        int rest = code & (1 << mantissa) - 1;
        int steps = exponent == 0 ? rest : rest + (1 << mantissa);
        ascending[code] = Math.scalb((float) steps, Math.max(exponent, 1) - bias - mantissa);
      }
    }

    float largest() {
      return ascending[ascending.length - 1];
    }

    int code(float x) {
      int at = Arrays.binarySearch(ascending, Math.abs(x));
      if (at < 0) {
        int above = Math.min(-at - 1, ascending.length - 1);
        int below = Math.max(0, -at - 2);
        float up = ascending[above] - Math.abs(x);
        float down = Math.abs(x) - ascending[below];
        at = up < down || (up == down && above % 2 == 0) ? above : below;
      }
      return x < 0 ? at | 0x80 : at;
    }

    /** NaN for codes that are never written. */
    float number(int code) {
      int magnitude = code & 0x7f;
      float x = magnitude < ascending.length ? ascending[magnitude] : Float.NaN;
      return code < 0 ? -x : x;
    }
  }

  /** What numbers are divided by. */
  enum Scale {
    TOKEN,
    NONE
  }

  @Override
  public KeyFormat keys(int dim) {
    return new MemberKeys(new Pages(this, true, dim), 0);
  }

  @Override
  public ValueFormat values(int dim) {
    return new MemberValues(new Pages(this, false, dim), 0);
  }

  private record Pages(Fp8 method, boolean keys, int dim) implements JointFormat {
    private static final int ROWS = PageFormat.ROWS;
    private static final ValueLayout.OfFloat FLOAT =
        ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    Pages {
      BlockCoder.checkDim("fp8-kv", dim, 16);
    }

    @Override
    public int members() {
      return 1;
    }

    @Override
    public long pageBytes() {
      return (long) ROWS * dim + scaleBytes();
    }

    @Override
    public long scaleBytes() {
      return method.scale == Scale.TOKEN ? 4L * ROWS : 0;
    }

    @Override
    public boolean unrotated() {
      return false;
    }

    @Override
    public void encode(RawPage[] rows, MemorySegment page, int slot) {
      RawPage in = rows[0];
      in.checkPlace("fp8-kv", dim, slot);
      in.checkMagnitude("fp8-kv", Float.MAX_VALUE);
      for (int r = 0; r < in.rows(); r++) {
        float scale = 1;
        if (method.scale == Scale.TOKEN) {
          scale = in.absMax(r) / method.format.largest();
          page.set(FLOAT, scaleAt(slot + r), scale);
        }
        for (int d = 0; d < dim; d++) {
          int code = scale == 0 ? 0 : method.format.code(in.at(r, d) / scale);
          page.set(ValueLayout.JAVA_BYTE, place(slot + r, d), (byte) code);
        }
      }
    }

    @Override
    public void decode(int member, MemorySegment page, int slot, RawPage out) {
      out.checkPlace("fp8-kv", dim, slot);
      for (int r = 0; r < out.rows(); r++) {
        for (int d = 0; d < dim; d++) {
          out.values()[r * dim + d] = number(page, slot + r, d);
        }
      }
    }

    @Override
    public void floats(int member, MemorySegment page, MemorySegment room) {
      for (int slot = 0; slot < ROWS; slot++) {
        for (int d = 0; d < dim; d++) {
          room.setAtIndex(ValueLayout.JAVA_FLOAT, place(slot, d), number(page, slot, d));
        }
      }
    }

    @Override
    public boolean movable() {
      return true;
    }

    @Override
    public void move(MemorySegment from, int slot, MemorySegment to, int target) {
      for (int d = 0; d < dim; d++) {
        MemorySegment.copy(from, place(slot, d), to, place(target, d), 1);
      }
      MemorySegment.copy(from, scaleAt(slot), to, scaleAt(target), scaleBytes() / ROWS);
    }

    private float number(MemorySegment page, int slot, int d) {
      float number = method.format.number(page.get(ValueLayout.JAVA_BYTE, place(slot, d)));
      return method.scale == Scale.TOKEN ? page.get(FLOAT, scaleAt(slot)) * number : number;
    }

    private int place(int slot, int channel) {
      return keys ? channel * ROWS + slot : slot * dim + channel;
    }

    private long scaleAt(int slot) {
      return (long) ROWS * dim + slot * scaleBytes() / ROWS;
    }
  }
}
