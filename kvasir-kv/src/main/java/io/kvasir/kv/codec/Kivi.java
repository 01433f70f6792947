package io.kvasir.kv.codec;

import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.PageGroups;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Param;

/**
 * KIVI: keys are coded per channel over {@code group} tokens, values per token over {@code group}
 * channels, because outliers of keys sit in channels; the newest pairs stay in f16.
 *
 * <p>Paper: Liu et al. 2024, arXiv:2402.02750. Code: jy-yuan/KIVI.
 *
 * <p>Page layout, version 3, little-endian, head dim D, group g, b bits; the f16 scale of an entry
 * comes first, its f16 min second. A word of a key holds channels, a word of a value slots: what
 * attention sums over.
 *
 * <pre>
 *   keys, each 4 (1 + g b / 32) D bytes for g slots
 *     entry  [d]            scale and min of a channel of these slots
 *     word   [d/32][b][g]   codes of 32 channels of a slot
 *   values, each 256 (1 + g b / 32) bytes for g channels
 *     entry  [slot]         scale and min of these channels of a slot
 *     word   [slot/32][b][g] codes of 32 slots of a channel
 * </pre>
 *
 * <p>Of 32 channels (slots, for values) word w holds, from the lowest bits up, 16/b beginning with
 * 16 w / b, and above them those that come 16 later.
 *
 * <p>{@code x = scale * code + min}: scale and min are rounded to f16 first, and codes count in the
 * rounded ones. A constant group has scale 0.
 *
 * <p>Example, b=2: a group (1, 4, 2, 3 ..) has entry 00 3C 00 3C and codes 0, 3, 1, 2.
 *
 * <p>Decoded rows in fast precision meet codes as integers: see {@link GroupSums}.
 *
 * <p>Cost: b + 32/g bits per element, 3.0 by default, and the raw windows: 0 to {@code window - 1}
 * keys, {@code window} values. Defaults are those of the authors' {@code example.py}; the paper's
 * LongBench runs use {@code window=128}, whose raw pairs take up to 1.7 % of an f16 cache of 8192
 * tokens, where {@code window=32} takes 0.5 %. Error: with range and |min| of the group, at most
 * range / (2 (2^b - 1)) + (range + |min|) / 1500 + 1e-6; |x| above 65504 is refused. D is a
 * multiple of {@code group}.
 */
@KvMethod(
    value = "kivi",
    summary = "2 or 4 bits: keys per channel, values per token, the newest pairs raw",
    about =
        "Keys have large numbers in the same few channels of all tokens, values have not. So "
            + "keys are coded along a channel, in groups of tokens, and values along a token, in "
            + "groups of channels. A group must be whole before it is coded, hence a window of raw "
            + "pairs. Attention reads the codes as they are. Goes with every scorer and budget.",
    source = "Liu et al. 2024, arXiv:2402.02750",
    cost = "(bits / 4 + 8 / group) D bytes per pair, and the raw windows at 4 D bytes",
    formula = "scale = f16((max - min) / (2^bits - 1)); code = round((x - f16(min)) / scale)",
    differs =
        "a group of equal numbers has scale 0 (authors: division by zero); words of key codes hold"
            + " channels of one token (authors: tokens of one channel), those of values tokens of"
            + " one channel (authors: channels of one token); the defaults are those of their"
            + " example.py (the paper's runs: window=128)")
record Kivi(
    @Param(
            value = "2",
            oneOf = {2, 4},
            doc = "bits per code")
        int bits,
    @Param(
            value = "32",
            oneOf = {32, 64},
            doc = "tokens of a key group, channels of a value group")
        int group,
    @Param(
            value = "32",
            min = 32,
            max = 4096,
            doc = "newest values kept raw, and keys coded at once; a multiple of group")
        int window)
    implements Codec {

  Kivi {
    if (window % group != 0) {
      throw new KvPlanException("kivi: window=" + window + " must be a multiple of group=" + group);
    }
  }

  @Override
  public KeyFormat keys(int dim) {
    BlockCoder.checkDim("kivi", dim, group);
    return new KiviKeys(this, PageGroups.keys(bits, dim, group));
  }

  @Override
  public ValueFormat values(int dim) {
    BlockCoder.checkDim("kivi", dim, group);
    return new KiviValues(this, PageGroups.values(bits, dim, group));
  }

  /** The largest magnitude that can be coded. */
  float limit() {
    return 65504;
  }

  /**
   * Codes n numbers.
   *
   * @param codes receives n codes
   * @return the entry: f16 scale in the low half, f16 min above it
   */
  int code(float[] x, int at, int n, int[] codes) {
    int top = (1 << bits) - 1;
    float low = x[at];
    float high = x[at];
    for (int i = 1; i < n; i++) {
      low = Math.min(low, x[at + i]);
      high = Math.max(high, x[at + i]);
    }
    short scaleBits = Float.floatToFloat16((high - low) / top);
    short minBits = Float.floatToFloat16(low);
    float scale = Float.float16ToFloat(scaleBits); // what will be read back
    float min = Float.float16ToFloat(minBits);
    for (int i = 0; i < n; i++) {
      codes[i] = scale == 0 ? 0 : Math.clamp(Math.round((x[at + i] - min) / scale), 0, top);
    }
    return scaleBits & 0xffff | minBits << 16;
  }
}
