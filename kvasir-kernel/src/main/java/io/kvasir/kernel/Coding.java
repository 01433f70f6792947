package io.kvasir.kernel;

/**
 * How each quantised type is packed: unsigned codes of b bits with an affine scale per group,
 * {@code w = scale * code + offset}.
 *
 * <p>A packed panel holds {@link Gemm#WIDTH} rows side by side; its unit is a <em>word</em>, one
 * little-endian i32 per row. Down a panel, per superblock of {@code superCols} columns:
 *
 * <pre>
 *   header  1 word if the type has one: f16 d in the low half, f16 dmin (or m) in the upper
 *   blocks  superCols / (groups * groupCols) times:
 *     tail    1 word if any is needed: spare codes of each group, then the groups' scale fields
 *     codes   groups * fullWords words: {@code 32 / bits} codes each, the first in the low bits
 * </pre>
 *
 * Codes that do not fill a word go to the tail. Every product scale * code is exact in f32 (at most
 * 24 significant bits), so one fma yields the value that ggml's multiply and add yield.
 */
enum Coding {
  Q4_0(4, 32, 2, 64, Scale.HALF, 16, 8),
  Q4_1(4, 32, 1, 32, Scale.HEADER, 0, 0),
  Q5_0(5, 32, 1, 32, Scale.HALF, 16, 16),
  Q5_1(5, 32, 1, 32, Scale.HEADER, 0, 0),
  Q8_0(8, 32, 2, 64, Scale.HALF, 16, 128),
  IQ4_NL(8, 32, 2, 64, Scale.HALF, 16, 128),
  Q2_K(2, 16, 4, 256, Scale.SCALE_AND_MIN, 8, 0),
  Q3_K(4, 16, 4, 256, Scale.SIGNED_BYTE, 8, 4),
  Q4_K(4, 32, 2, 256, Scale.SCALE_AND_MIN, 12, 0),
  Q5_K(5, 32, 1, 256, Scale.SCALE_AND_MIN, 12, 0),
  Q6_K(6, 16, 2, 256, Scale.SIGNED_BYTE, 8, 32);

  /** Where a group's scale and offset come from; z is the code that stands for zero. */
  enum Scale {
    /** {@code scale = d, offset = m}, both of the header. */
    HEADER,
    /** The field is f16 d: {@code scale = d, offset = -z d}. */
    HALF,
    /** The field is (s, m), unsigned, half its bits each: {@code d * s} and {@code -(dmin * m)}. */
    SCALE_AND_MIN,
    /** The field is i8 s: {@code scale = d * s, offset = -z d s}. */
    SIGNED_BYTE
  }

  final int bits;
  final int groupCols;
  final int groups;
  final int superCols;
  final Scale scale;
  final int fieldBits;
  final int zero;

  /** Codes in a full word. */
  final int perWord;

  final int fullWords;
  final int spare;

  /** Bits of the tail below the first scale field. */
  final int fieldsAt;

  final int headerWords;
  final int tailWords;
  final int blockWords;
  final int superWords;

  Coding(int bits, int groupCols, int groups, int superCols, Scale scale, int fieldBits, int zero) {
    this.bits = bits;
    this.groupCols = groupCols;
    this.groups = groups;
    this.superCols = superCols;
    this.scale = scale;
    this.fieldBits = fieldBits;
    this.zero = zero;
    this.perWord = 32 / bits;
    this.fullWords = groupCols / perWord;
    this.spare = groupCols - fullWords * perWord;
    this.fieldsAt = scale == Scale.HALF && spare > 0 ? 16 : groups * spare * bits;
    this.headerWords = scale == Scale.HALF ? 0 : 1;
    this.tailWords = spare > 0 || fieldBits > 0 ? 1 : 0;
    this.blockWords = tailWords + groups * fullWords;
    this.superWords = headerWords + superCols / (groups * groupCols) * blockWords;
  }

  static Coding of(TensorType type) {
    return valueOf(type.name());
  }

  /** Superblocks of a row; the last may be half used. */
  int supers(int cols) {
    return Math.ceilDiv(cols, superCols);
  }
}
