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

  private static final int PAIRS = Coding.BLOCK / 2; // of a block

  private int rows;
  private int cols;
  private int work; // where row 0 has room for the pairs of a block

  /**
   * Codes, two shorts to an int. Columns 2 i and 2 i + 1 of a single row are at i. Of several rows
   * two lie side by side: of row t at {@code (t / 2 * cols) + 2 i + t % 2}, and if their number is
   * odd there is room for one more.
   */
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
    this.rows = rows;
    cols = width;
    work = rows == 1 ? width / 2 : Math.ceilDiv(rows, 2) * width;
    if (pairs.length < work + rows * PAIRS) {
      pairs = new int[work + rows * PAIRS];
    }
    if (scales.length < rows * width / Coding.BLOCK) {
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
    int step = Math.min(2, rows);
    int to = t / 2 * cols + t % 2;
    int room = work + t * PAIRS;
    for (int c = 0; c < cols; c += Coding.BLOCK) {
      block(x, at + c, (t * cols + c) / Coding.BLOCK, room);
      for (int i = 0; i < PAIRS; i++, to += step) {
        pairs[to] = pairs[room + i];
      }
    }
  }

  /** Rounds one block, and leaves its pairs in the room. */
  private void block(float[] x, int at, int block, int room) {
    // Bits of magnitudes are in the order of the magnitudes, and those of NaN are above all.
    IntVector most =
        FloatVector.fromArray(F, x, at)
            .reinterpretAsInts()
            .and(MAGNITUDE)
            .max(FloatVector.fromArray(F, x, at + N).reinterpretAsInts().and(MAGNITUDE));
    for (int i = 2 * N; i < Coding.BLOCK; i += N) { // where vectors are narrower
      most = FloatVector.fromArray(F, x, at + i).reinterpretAsInts().and(MAGNITUDE).max(most);
    }
    IntVector.zero(Lanes.I).or(most).intoArray(pairs, room); // for a moment
    int bits = 0;
    for (int i = 0; i < N; i++) {
      bits = Math.max(bits, pairs[room + i]);
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
          .intoArray(pairs, room + i / 2);
    }
    int first = sum(room, 2 * block);
    int second = sum(room + PAIRS / 2, 2 * block + 1);
    scales[block] = scale;
    sums[block] = scale * (first + second);
    halfSums[2 * block] = scale * first;
    halfSums[2 * block + 1] = scale * second;
  }

  /** Sums the codes of half a block. */
  private int sum(int from, int half) {
    int even = 0;
    int odd = 0;
    for (int i = from; i < from + PAIRS / 2; i++) {
      even += (short) pairs[i];
      odd += pairs[i] >> 16;
    }
    evenOdd[half] = even & 0xffff | odd << 16;
    return even + odd;
  }
}
