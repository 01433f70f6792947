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
   * Runs some bytes apart, each with a scale and a zero: {@code out[outAt + r * width + i] =
   * scales[r] * (code[r][i] - zeros[r])}; by subtraction and multiplication.
   *
   * @param from native memory that holds the runs from byte {@code at} on, and {@link #BEHIND}
   * @param stride bytes from a run to the next
   * @param bits of a code: 2, 3 or 4
   * @param n codes of a run, a multiple of 16
   * @param zeros whole numbers of at most 16 bits
   */
  public static void rows(
      MemorySegment from,
      long at,
      long stride,
      int bits,
      int n,
      int count,
      float[] scales,
      float[] zeros,
      float[] out,
      int outAt,
      int width) {
    long run = Native.address(from, at, (count - 1) * stride + n / UNIT * bits + BEHIND);
    int mask = (1 << bits) - 1;
    IntVector shifts = PLACE.mul(bits);
    for (int r = 0; r < count; r++, run += stride) {
      FloatVector scale = FloatVector.broadcast(F, scales[r]);
      FloatVector zero = FloatVector.broadcast(F, zeros[r]);
      for (int i = 0; i < n; i += N) {
        long word = run + i / UNIT * bits;
        IntVector words = IntVector.broadcast(I, Native.word(word));
        if (N > UNIT) {
          words = words.blend(IntVector.broadcast(I, Native.word(word + bits)), UPPER);
        }
        IntVector lanes = N < UNIT ? shifts.add(i % UNIT * bits) : shifts;
        IntVector codes = words.lanewise(VectorOperators.LSHR, lanes).and(mask);
        ((FloatVector) codes.convertShape(VectorOperators.I2F, F, 0))
            .sub(zero)
            .mul(scale)
            .intoArray(out, outAt + r * width + i);
      }
    }
  }

  /**
   * Runs of 64, one for each place, with a scale and a zero for each number: {@code out[r * 64 + i]
   * = scales[s + i] * (code[place][i] - zeros[s + i])}, place being {@code places[first + r]} and s
   * the group of the place, times 64; otherwise as {@link #rows}.
   *
   * @param at byte of {@code from} at which the run of place 0 begins
   * @param group places that share scales and zeros
   */
  public static void columns(
      MemorySegment from,
      long at,
      int bits,
      int[] places,
      int first,
      int count,
      int group,
      float[] scales,
      float[] zeros,
      float[] out) {
    int n = PageLayout.SLOTS;
    long start = Native.address(from, at, (long) places.length * n / UNIT * bits + BEHIND);
    int mask = (1 << bits) - 1;
    IntVector shifts = PLACE.mul(bits);
    for (int r = 0; r < count; r++) {
      int place = places[first + r];
      long run = start + (long) place * n / UNIT * bits;
      int sides = place / group * n;
      for (int i = 0; i < n; i += N) {
        long word = run + i / UNIT * bits;
        IntVector words = IntVector.broadcast(I, Native.word(word));
        if (N > UNIT) {
          words = words.blend(IntVector.broadcast(I, Native.word(word + bits)), UPPER);
        }
        IntVector lanes = N < UNIT ? shifts.add(i % UNIT * bits) : shifts;
        IntVector codes = words.lanewise(VectorOperators.LSHR, lanes).and(mask);
        ((FloatVector) codes.convertShape(VectorOperators.I2F, F, 0))
            .sub(FloatVector.fromArray(F, zeros, sides + i))
            .mul(FloatVector.fromArray(F, scales, sides + i))
            .intoArray(out, r * n + i);
      }
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
