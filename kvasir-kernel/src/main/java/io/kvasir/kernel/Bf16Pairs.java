package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A slice of weights, {@link #WIDTH} outputs by k inputs, as {@link Bf16Matmul.Right#PAIRS}: for
 * every two inputs c, c + 1 one i32 per output, c in its lower half; k is rounded up to {@value
 * #GRAIN}, with zeros.
 */
final class Bf16Pairs {
  /** Outputs side by side. */
  static final int WIDTH = 64;

  /** Bytes of two inputs. */
  static final int PAIR = 4 * WIDTH;

  private static final int GRAIN = 32;

  private Bf16Pairs() {}

  static long bytes(int k) {
    return 2L * WIDTH * Math.ceilDiv(k, GRAIN) * GRAIN;
  }

  /**
   * Rounds n inputs into a slice.
   *
   * @param f {@code f[at + i * WIDTH + j]} is the weight of input i for output j; where n is odd,
   *     another row of f is overwritten
   * @param from the first input's place in the slice, a multiple of {@value #GRAIN}
   */
  static void pack(float[] f, int at, int n, MemorySegment out, int from) {
    if (n % 2 == 1) {
      Arrays.fill(f, at + n * WIDTH, at + (n + 1) * WIDTH, 0f);
    }
    long to = Native.address(out, 0, bytes(from + n)) + 2L * WIDTH * from;
    int pairs = Math.ceilDiv(n, 2);
    for (int i = 0; i < pairs; i++, to += PAIR) {
      pair(f, at + 2 * i * WIDTH, to);
    }
    long written = 2L * WIDTH * (from + 2 * pairs);
    out.asSlice(written, bytes(from + n) - written).fill((byte) 0);
  }

  private static void pair(float[] f, int at, long to) {
    for (int j = 0; j < WIDTH; j += Lanes.N) {
      FloatVector.fromArray(F, f, at + j)
          .reinterpretAsInts()
          .add(Bf16.HALF)
          .lanewise(LSHR, 16)
          .or(
              FloatVector.fromArray(F, f, at + WIDTH + j)
                  .reinterpretAsInts()
                  .add(Bf16.HALF)
                  .and(Bf16.UPPER))
          .intoMemorySegment(Native.ALL, to + 4L * j, Lanes.LE);
    }
  }
}
