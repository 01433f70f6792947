package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.N;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Runs of codes of 2, 3 or 4 bits as f32: code i is at bit {@code i * bits}, the lowest bit of a
 * byte first. Eight codes are as many bytes as one has bits, and those lie in one word; a vector is
 * filled from one word, or from two. Defined by {@link CodeRunsRef}.
 */
public final class CodeRuns {
  /** Bytes behind a run that are read beside it: a word begins at its last eight codes. */
  public static final int BEHIND = 2;

  private static final int UNIT = 8;

  /** Number of a lane's code in its word. */
  private static final IntVector PLACE = IntVector.zero(I).addIndex(1).and(UNIT - 1);

  private static final VectorMask<Integer> UPPER =
      VectorMask.fromLong(I, N > UNIT ? -1L << UNIT : 0);

  private CodeRuns() {}

  /**
   * {@code out[outAt + i] = scale * (code[i] - zero) + min} for i below n, by fma.
   *
   * @param from native memory that holds the run from byte {@code at} on, and {@link #BEHIND}
   * @param bits of a code: 2, 3 or 4
   * @param n a multiple of 16
   * @param zero a whole number of at most 16 bits
   */
  public static void widen(
      MemorySegment from,
      long at,
      int bits,
      int n,
      float scale,
      float zero,
      float min,
      float[] out,
      int outAt) {
    long first = Native.address(from, at, n / UNIT * bits + BEHIND);
    int mask = (1 << bits) - 1;
    IntVector shifts = PLACE.mul(bits);
    FloatVector mins = FloatVector.broadcast(F, min);
    for (int i = 0; i < n; i += N) {
      long word = first + i / UNIT * bits;
      IntVector words = IntVector.broadcast(I, Native.word(word));
      if (N > UNIT) {
        words = words.blend(IntVector.broadcast(I, Native.word(word + bits)), UPPER);
      }
      IntVector codes = words.lanewise(VectorOperators.LSHR, shifts.add(i % UNIT * bits)).and(mask);
      ((FloatVector) codes.convertShape(VectorOperators.I2F, F, 0))
          .sub(zero)
          .fma(FloatVector.broadcast(F, scale), mins)
          .intoArray(out, outAt + i);
    }
  }

  /**
   * {@code out[outAt + i] = scale[sideAt + i] * (code[i] - zero[sideAt + i])} for i below n;
   * otherwise as {@link #widen(MemorySegment, long, int, int, float, float, float, float[], int)}.
   */
  public static void widen(
      MemorySegment from,
      long at,
      int bits,
      int n,
      float[] scale,
      float[] zero,
      int sideAt,
      float[] out,
      int outAt) {
    long first = Native.address(from, at, n / UNIT * bits + BEHIND);
    int mask = (1 << bits) - 1;
    IntVector shifts = PLACE.mul(bits);
    for (int i = 0; i < n; i += N) {
      long word = first + i / UNIT * bits;
      IntVector words = IntVector.broadcast(I, Native.word(word));
      if (N > UNIT) {
        words = words.blend(IntVector.broadcast(I, Native.word(word + bits)), UPPER);
      }
      IntVector codes = words.lanewise(VectorOperators.LSHR, shifts.add(i % UNIT * bits)).and(mask);
      ((FloatVector) codes.convertShape(VectorOperators.I2F, F, 0))
          .sub(FloatVector.fromArray(F, zero, sideAt + i))
          .mul(FloatVector.fromArray(F, scale, sideAt + i))
          .intoArray(out, outAt + i);
    }
  }

  /**
   * {@code out[outAt + i] = from[i]}, 16-bit whole numbers from byte {@code at} on as f32, for i
   * below n, a multiple of 16.
   */
  public static void wholes(MemorySegment from, long at, int n, float[] out, int outAt) {
    long first = Native.address(from, at, 2L * n);
    for (int i = 0; i < n; i += N) {
      ((FloatVector) Lanes.shorts(first + 2L * i).convertShape(VectorOperators.I2F, F, 0))
          .intoArray(out, outAt + i);
    }
  }
}
