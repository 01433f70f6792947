package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.I2S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Rows of activations rounded to int8, each block of 32 columns with a scale of its own, as ggml's
 * Q8_0 and Q8_1 are: {@code x = scale * code} to half a step. {@link ByteRowsRef} defines the
 * rounding.
 *
 * <p>Buffers that are used again; for one thread at a time, but for {@link #round}.
 */
public final class ByteRows {
  static final int MAGNITUDE = 0x7fffffff;

  /** Adding it rounds a float to an integer, half to even, in its low bits. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  private int cols;

  /** Codes, two shorts to an int: columns 2 i and 2 i + 1 of a row, [T][cols / 2]. */
  int[] pairs = {};

  /** [T][cols / 32]. */
  float[] scales = {};

  /** What a block's offset is multiplied with: {@code scale * sum of its codes}, [T][cols / 32]. */
  float[] sums = {};

  /** The same of half a block, for groups of 16: [T][cols / 16]. */
  float[] halfSums = {};

  /** Sums of half a block's codes, in the low short of even columns, in the upper of odd ones. */
  int[] evenOdd = {};

  /** Makes room; contents are undefined afterwards. */
  void reserve(int rows, int width) {
    cols = width;
    if (pairs.length < rows * width / 2) {
      pairs = new int[rows * width / 2];
      scales = new float[rows * width / Coding.BLOCK];
      sums = new float[rows * width / Coding.BLOCK];
      halfSums = new float[rows * width / Coding.BLOCK * 2];
      evenOdd = new int[rows * width / Coding.BLOCK * 2];
    }
  }

  /** Columns of a row. */
  int cols() {
    return cols;
  }

  /** Rounds row t, read from {@code x[at ..]}; rows may be rounded by different threads. */
  void round(int t, float[] x, int at) {
    for (int c = 0; c < cols; c += Coding.BLOCK) {
      block(x, at + c, t * cols + c);
    }
  }

  private void block(float[] x, int at, int to) {
    // Bits of magnitudes are in the order of the magnitudes, and those of NaN are above all.
    IntVector most =
        FloatVector.fromArray(F, x, at)
            .reinterpretAsInts()
            .and(MAGNITUDE)
            .max(FloatVector.fromArray(F, x, at + N).reinterpretAsInts().and(MAGNITUDE));
    for (int i = 2 * N; i < Coding.BLOCK; i += N) { // where vectors are narrower
      most = FloatVector.fromArray(F, x, at + i).reinterpretAsInts().and(MAGNITUDE).max(most);
    }
    most.intoArray(pairs, to / 2); // for a moment, the codes come later
    int bits = 0;
    for (int i = 0; i < N; i++) {
      bits = Math.max(bits, pairs[to / 2 + i]);
    }
    float max = Float.intBitsToFloat(bits);
    boolean zero = max < ByteRowsRef.SMALLEST;
    float scale = zero ? 0 : max / 127;
    float inverse = zero ? 0 : 127 / max;
    for (int i = 0; i < Coding.BLOCK; i += N) {
      FloatVector.fromArray(F, x, at + i)
          .mul(inverse)
          .add(ROUNDER)
          .reinterpretAsInts()
          .sub(ROUNDER_BITS)
          .convertShape(I2S, Lanes.S, 0)
          .reinterpretAsInts()
          .intoArray(pairs, (to + i) / 2);
    }
    int block = to / Coding.BLOCK;
    int first = sum(2 * block);
    int second = sum(2 * block + 1);
    scales[block] = scale;
    sums[block] = scale * (first + second);
    halfSums[2 * block] = scale * first;
    halfSums[2 * block + 1] = scale * second;
  }

  /** Sums the codes of half a block. */
  private int sum(int half) {
    int even = 0;
    int odd = 0;
    for (int i = 8 * half; i < 8 * half + 8; i++) {
      even += (short) pairs[i];
      odd += pairs[i] >> 16;
    }
    evenOdd[half] = even & 0xffff | odd << 16;
    return even + odd;
  }
}
