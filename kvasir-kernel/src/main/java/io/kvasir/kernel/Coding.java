package io.kvasir.kernel;

/**
 * How each quantised type is packed: codes of b bits with an affine scale per group, {@code w =
 * scale * code + offset}.
 *
 * <p>A packed panel holds {@link Gemm#WIDTH} rows side by side; its unit is a <em>word</em>, one
 * little-endian i32 per row. A panel is a run of sections of {@value #SECTION} columns (the last
 * may be shorter), and a section is
 *
 * <pre>
 *   header  1 word if the type has superblocks: f16 d in the low half, f16 dmin in the upper
 *   fields  one scale field per group, {@code 32 / fieldBits} to a word, the first in the low bits
 *   blocks  for every 32 columns, b words of codes
 * </pre>
 *
 * <p>Kernels see a word as two shorts: even columns lie in the low one, odd columns in the upper
 * one, the first in the low bits. Where codes leave bits of the shorts, others are spread over
 * them:
 *
 * <pre>
 *   2 bits  two times 16 codes                8 bits  eight times 4 codes
 *   3 bits  two times 16 low pairs, then 32 high bits, the first in the highest place
 *   4 bits  four times 8 codes
 *   5 bits  five times 6 codes, and in the highest place a bit of the last two, the highest first
 *   6 bits  two times 16 codes: three times 4, and above them the low four bits of columns 12 and
 *           13, those of 14 and 15, and the high two of 12 and 13, then of 14 and 15
 * </pre>
 *
 * <p>Codes of 3 and 8 bits are stored signed, less {@link #bias}; of 5 and 6 bits a kernel takes it
 * away, and a product with an int8 is half as large. Every product scale * code is exact in f32 (at
 * most 24 significant bits), so one fma yields the value that ggml's multiply and add yield.
 */
enum Coding {
  Q4_0(4, 32, Scale.HALF, 16, 8),
  Q4_1(4, 32, Scale.TWO_HALVES, 32, 0),
  Q5_0(5, 32, Scale.HALF, 16, 16),
  Q5_1(5, 32, Scale.TWO_HALVES, 32, 0),
  Q8_0(8, 32, Scale.HALF, 16, 128),
  IQ4_NL(8, 32, Scale.HALF, 16, 128),
  Q2_K(2, 16, Scale.SCALE_AND_MIN, 8, 0),
  Q3_K(3, 16, Scale.SIGNED_BYTE, 8, 4),
  Q4_K(4, 32, Scale.SCALE_AND_MIN, 12, 0),
  Q5_K(5, 32, Scale.SCALE_AND_MIN, 12, 0),
  Q6_K(6, 16, Scale.SIGNED_BYTE, 8, 32);

  /** Columns of a section. */
  static final int SECTION = 256;

  /** Columns of a block: every group ends with one. */
  static final int BLOCK = 32;

  /** Where a group's scale and offset come from; z is the code that stands for zero. */
  enum Scale {
    /** The field is (f16 d, f16 m): {@code scale = d, offset = m}. */
    TWO_HALVES,
    /** The field is f16 d: {@code scale = d, offset = -z d}. */
    HALF,
    /** The field is (s, m), unsigned, half its bits each: {@code d * s} and {@code -(dmin * m)}. */
    SCALE_AND_MIN,
    /** The field is i8 s: {@code scale = d * s, offset = -z d s}. */
    SIGNED_BYTE
  }

  final int bits;
  final int groupCols;
  final Scale scale;
  final int fieldBits;
  final int zero;

  /** What stored codes lack: {@code code = stored + bias}. */
  final int bias;

  final int headerWords;
  final int fieldsPerWord;

  Coding(int bits, int groupCols, Scale scale, int fieldBits, int zero) {
    this.bits = bits;
    this.groupCols = groupCols;
    this.scale = scale;
    this.fieldBits = fieldBits;
    this.zero = zero;
    this.bias = bits == 2 || bits == 4 ? 0 : 1 << (bits - 1);
    this.headerWords = scale == Scale.SCALE_AND_MIN || scale == Scale.SIGNED_BYTE ? 1 : 0;
    this.fieldsPerWord = 32 / fieldBits;
  }

  static Coding of(TensorType type) {
    return valueOf(type.name());
  }

  /** Groups of a section of {@code cols} columns. */
  int groups(int cols) {
    return cols / groupCols;
  }

  /** Words of a section before its codes. */
  int scaleWords(int cols) {
    return headerWords + Math.ceilDiv(groups(cols), fieldsPerWord);
  }

  /** Words of a section of {@code cols} columns, at most {@link #SECTION}. */
  int words(int cols) {
    return scaleWords(cols) + cols / BLOCK * bits;
  }

  /** Words of a row. */
  int rowWords(int cols) {
    int rest = cols % SECTION;
    return cols / SECTION * words(SECTION) + (rest > 0 ? words(rest) : 0);
  }
}
