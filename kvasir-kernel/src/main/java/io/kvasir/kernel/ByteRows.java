package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.MAX;

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
  private static final int MAGNITUDE = 0x7fffffff;

  /** Adding it rounds a float to an integer, half to even, in its low bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

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
    IntVector most = IntVector.zero(I);
    for (int i = 0; i < Coding.BLOCK; i += N) {
      // Bits of magnitudes are in the order of the magnitudes, and those of NaN are above all.
      most = most.max(FloatVector.fromArray(F, x, at + i).reinterpretAsInts().and(MAGNITUDE));
    }
    float max = Float.intBitsToFloat(most.reduceLanes(MAX));
    boolean zero = max < ByteRowsRef.SMALLEST;
    float scale = zero ? 0 : max / 127;
    float inverse = zero ? 0 : 127 / max;
    int block = to / Coding.BLOCK;
    int first = half(x, at, inverse, 2 * block);
    int second = half(x, at + 16, inverse, 2 * block + 1);
    scales[block] = scale;
    sums[block] = scale * (first + second);
    halfSums[2 * block] = scale * first;
    halfSums[2 * block + 1] = scale * second;
  }

  /** Rounds 16 columns; returns the sum of their codes. */
  private int half(float[] x, int at, float inverse, int half) {
    IntVector sum = IntVector.zero(I);
    for (int i = 0; i < 16; i += N) {
      IntVector codes =
          FloatVector.fromArray(F, x, at + i)
              .mul(inverse)
              .add(ROUNDER)
              .reinterpretAsInts()
              .sub(ROUNDER_BITS);
      sum = sum.add(codes);
      codes.convertShape(I2S, Lanes.S, 0).reinterpretAsInts().intoArray(pairs, 8 * half + i / 2);
    }
    int even = (int) sum.reinterpretAsLongs().reduceLanes(ADD); // even lanes are the low halves
    int all = sum.reduceLanes(ADD);
    evenOdd[half] = even & 0xffff | (all - even) << 16;
    return all;
  }
}
