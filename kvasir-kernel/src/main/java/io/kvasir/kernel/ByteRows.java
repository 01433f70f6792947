package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;

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

  private static final int PAIRS = Coding.BLOCK / 2; // of a block

  private static final VectorShuffle<Integer> NEXT = VectorShuffle.fromOp(I, j -> (j + 1) % N);
  private static final VectorShuffle<Integer> EVEN = VectorShuffle.fromOp(I, j -> 2 * j % N);

  private int rows;
  private int cols;
  private int work; // where row 0 of several has room for its pairs

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
    work = Math.ceilDiv(rows, 2) * width;
    int length = rows == 1 ? roomOfARow() : work + rows * roomOfARow();
    if (pairs.length < length) {
      pairs = new int[length];
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
    int first = t * cols / Coding.BLOCK;
    int room = rows == 1 ? 0 : work + t * roomOfARow();
    findMaxima(x, at, first);
    code(x, at, first, room);
    for (int block = first, from = room; from < room + cols / 2; block++, from += PAIRS) {
      sum(from, block);
    }
    if (rows > 1) {
      for (int i = 0, to = t / 2 * cols + t % 2; i < cols / 2; i++, to += 2) {
        pairs[to] = pairs[room + i];
      }
    }
  }

  private int roomOfARow() {
    return cols / 2 + N;
  }

  /** The largest magnitude of each block, left in {@link #scales}. */
  private void findMaxima(float[] x, int at, int first) {
    float[] maxima = scales;
    for (int c = 0; c < cols; c += Coding.BLOCK) {
      // bits of magnitudes are in the order of the magnitudes, and those of NaN are above all
      IntVector most =
          FloatVector.fromArray(F, x, at + c)
              .reinterpretAsInts()
              .and(MAGNITUDE)
              .max(FloatVector.fromArray(F, x, at + c + N).reinterpretAsInts().and(MAGNITUDE));
      if (N < 16) {
        most =
            FloatVector.fromArray(F, x, at + c + 2 * N)
                .reinterpretAsInts()
                .and(MAGNITUDE)
                .max(FloatVector.fromArray(F, x, at + c + 3 * N).reinterpretAsInts().and(MAGNITUDE))
                .max(most);
      }
      if (N < 8) {
        for (int i = c + 4 * N; i < c + Coding.BLOCK; i += N) {
          most = FloatVector.fromArray(F, x, at + i).reinterpretAsInts().and(MAGNITUDE).max(most);
        }
        most = IntVector.zero(I).or(most); // of a class that C2 knows
      }
      maxima[first + c / Coding.BLOCK] = Float.intBitsToFloat(most.reduceLanes(MAX));
    }
  }

  /** Rounds a row, and leaves its pairs in the room. */
  private void code(float[] x, int at, int first, int room) {
    int[] pairs = this.pairs;
    for (int c = 0; c < cols; c += Coding.BLOCK) {
      float max = scales[first + c / Coding.BLOCK];
      float inverse = max < ByteRowsRef.SMALLEST ? 0 : 127 / max;
      for (int i = 0; i < Coding.BLOCK; i += N) {
        IntVector codes = // in the low bits
            FloatVector.fromArray(F, x, at + c + i).mul(inverse).add(ROUNDER).reinterpretAsInts();
        codes
            .and(0xffff)
            .or(codes.lanewise(LSHL, 16).rearrange(NEXT))
            .rearrange(EVEN)
            .intoArray(pairs, room + (c + i) / 2); // the upper half is overwritten by the next
      }
    }
  }

  /** Turns the maximum of a block into its scale, and sums its codes. */
  private void sum(int from, int block) {
    float max = scales[block];
    float scale = max < ByteRowsRef.SMALLEST ? 0 : max / 127;
    int first = sumHalf(from, 2 * block);
    int second = sumHalf(from + PAIRS / 2, 2 * block + 1);
    scales[block] = scale;
    sums[block] = scale * (first + second);
    halfSums[2 * block] = scale * first;
    halfSums[2 * block + 1] = scale * second;
  }

  private int sumHalf(int from, int half) {
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
