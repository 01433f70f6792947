package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.N;
import static io.kvasir.kernel.Lanes.PAIRS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/**
 * What {@link ByteDots} computes, for four rows of activations at a time and from codes that {@link
 * CodeShorts} has unpacked: each code is taken up once for four products.
 *
 * <p>Past the last row the last one is computed again, and dropped. The integer sums of a group go
 * through memory, in {@code f[INTEGERS ..]}: with all of this in one expression C2 gives up on
 * keeping vectors in registers. What a loop leaves passes an "or" with zero first, of which C2
 * knows the class (docs/adr/0009).
 */
final class BatchDots {
  /** Rows of activations at a time. */
  static final int ROWS = 4;

  /** Where integer sums are in the scratch memory. */
  static final int INTEGERS = ByteDots.SUMS + 2 * N;

  /** Where the codes of a section are in the scratch memory, as shorts. */
  static final int CODES = INTEGERS + 2 * ROWS * N;

  private BatchDots() {}

  /**
   * One group of codes of at most 6 bits: {@code f[INTEGERS + 2 N k + row] = sum of code * x[t +
   * k]}.
   *
   * @param n half the columns of the group
   * @param code where its codes are in f
   * @param pairs codes of activations, as in {@link ByteRows}
   * @param c its first column
   * @param last the last row of activations that there is
   */
  static void shorts(int n, float[] f, int code, int[] pairs, int cols, int c, int t, int last) {
    int x0 = (Math.min(t + 0, last) * cols + c) / 2;
    int x1 = (Math.min(t + 1, last) * cols + c) / 2;
    int x2 = (Math.min(t + 2, last) * cols + c) / 2;
    int x3 = (Math.min(t + 3, last) * cols + c) / 2;
    ShortVector zero = ShortVector.zero(PAIRS);
    ShortVector a0 = zero;
    ShortVector a1 = a0;
    ShortVector a2 = a0;
    ShortVector a3 = a0;
    ShortVector b0 = a0;
    ShortVector b1 = a0;
    ShortVector b2 = a0;
    ShortVector b3 = a0;
    int at = code;
    for (int i = 0; i < n; i++, at += 2 * N) {
      ShortVector left = FloatVector.fromArray(F, f, at).reinterpretAsShorts();
      ShortVector right = FloatVector.fromArray(F, f, at + N).reinterpretAsShorts();
      ShortVector p = IntVector.broadcast(I, pairs[x0 + i]).reinterpretAsShorts();
      a0 = left.mul(p).add(a0);
      b0 = right.mul(p).add(b0);
      p = IntVector.broadcast(I, pairs[x1 + i]).reinterpretAsShorts();
      a1 = left.mul(p).add(a1);
      b1 = right.mul(p).add(b1);
      p = IntVector.broadcast(I, pairs[x2 + i]).reinterpretAsShorts();
      a2 = left.mul(p).add(a2);
      b2 = right.mul(p).add(b2);
      p = IntVector.broadcast(I, pairs[x3 + i]).reinterpretAsShorts();
      a3 = left.mul(p).add(a3);
      b3 = right.mul(p).add(b3);
    }
    IntVector i0 = zero.or(a0).reinterpretAsInts();
    i0.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(i0.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 0 * N);
    IntVector j0 = zero.or(b0).reinterpretAsInts();
    j0.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(j0.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 1 * N);
    IntVector i1 = zero.or(a1).reinterpretAsInts();
    i1.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(i1.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 2 * N);
    IntVector j1 = zero.or(b1).reinterpretAsInts();
    j1.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(j1.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 3 * N);
    IntVector i2 = zero.or(a2).reinterpretAsInts();
    i2.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(i2.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 4 * N);
    IntVector j2 = zero.or(b2).reinterpretAsInts();
    j2.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(j2.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 5 * N);
    IntVector i3 = zero.or(a3).reinterpretAsInts();
    i3.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(i3.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 6 * N);
    IntVector j3 = zero.or(b3).reinterpretAsInts();
    j3.lanewise(LSHL, 16)
        .lanewise(ASHR, 16)
        .add(j3.lanewise(ASHR, 16))
        .reinterpretAsFloats()
        .intoArray(f, INTEGERS + 7 * N);
  }

  /** The same of one group of 32 codes of 8 bits. */
  static void bytes(float[] f, int code, int[] pairs, int cols, int c, int t, int last) {
    int x0 = (Math.min(t + 0, last) * cols + c) / 2;
    int x1 = (Math.min(t + 1, last) * cols + c) / 2;
    int x2 = (Math.min(t + 2, last) * cols + c) / 2;
    int x3 = (Math.min(t + 3, last) * cols + c) / 2;
    IntVector zero = IntVector.zero(I);
    IntVector i0 = zero;
    IntVector i1 = i0;
    IntVector i2 = i0;
    IntVector i3 = i0;
    IntVector j0 = i0;
    IntVector j1 = i0;
    IntVector j2 = i0;
    IntVector j3 = i0;
    int at = code;
    for (int i = 0; i < 16; i += 2, at += 4 * N) {
      ShortVector left = FloatVector.fromArray(F, f, at).reinterpretAsShorts();
      ShortVector right = FloatVector.fromArray(F, f, at + N).reinterpretAsShorts();
      ShortVector left2 = FloatVector.fromArray(F, f, at + 2 * N).reinterpretAsShorts();
      ShortVector right2 = FloatVector.fromArray(F, f, at + 3 * N).reinterpretAsShorts();
      ShortVector p = IntVector.broadcast(I, pairs[x0 + i]).reinterpretAsShorts();
      ShortVector q = IntVector.broadcast(I, pairs[x0 + i + 1]).reinterpretAsShorts();
      IntVector s = left.mul(p).add(left2.mul(q)).reinterpretAsInts();
      i0 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(i0);
      s = right.mul(p).add(right2.mul(q)).reinterpretAsInts();
      j0 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(j0);
      p = IntVector.broadcast(I, pairs[x1 + i]).reinterpretAsShorts();
      q = IntVector.broadcast(I, pairs[x1 + i + 1]).reinterpretAsShorts();
      s = left.mul(p).add(left2.mul(q)).reinterpretAsInts();
      i1 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(i1);
      s = right.mul(p).add(right2.mul(q)).reinterpretAsInts();
      j1 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(j1);
      p = IntVector.broadcast(I, pairs[x2 + i]).reinterpretAsShorts();
      q = IntVector.broadcast(I, pairs[x2 + i + 1]).reinterpretAsShorts();
      s = left.mul(p).add(left2.mul(q)).reinterpretAsInts();
      i2 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(i2);
      s = right.mul(p).add(right2.mul(q)).reinterpretAsInts();
      j2 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(j2);
      p = IntVector.broadcast(I, pairs[x3 + i]).reinterpretAsShorts();
      q = IntVector.broadcast(I, pairs[x3 + i + 1]).reinterpretAsShorts();
      s = left.mul(p).add(left2.mul(q)).reinterpretAsInts();
      i3 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(i3);
      s = right.mul(p).add(right2.mul(q)).reinterpretAsInts();
      j3 = s.lanewise(LSHL, 16).lanewise(ASHR, 16).add(s.lanewise(ASHR, 16)).add(j3);
    }
    zero.or(i0).reinterpretAsFloats().intoArray(f, INTEGERS + 0 * N);
    zero.or(j0).reinterpretAsFloats().intoArray(f, INTEGERS + 1 * N);
    zero.or(i1).reinterpretAsFloats().intoArray(f, INTEGERS + 2 * N);
    zero.or(j1).reinterpretAsFloats().intoArray(f, INTEGERS + 3 * N);
    zero.or(i2).reinterpretAsFloats().intoArray(f, INTEGERS + 4 * N);
    zero.or(j2).reinterpretAsFloats().intoArray(f, INTEGERS + 5 * N);
    zero.or(i3).reinterpretAsFloats().intoArray(f, INTEGERS + 6 * N);
    zero.or(j3).reinterpretAsFloats().intoArray(f, INTEGERS + 7 * N);
  }

  /**
   * Adds the integer sums of a group, times their scales, to the sums of the rows.
   *
   * @param scale where the group's scales and offsets are in f
   * @param sums where the sums of row t are in f, those of further rows behind
   * @param rows how many rows, at most {@link #ROWS}
   * @param scales of the activations: that of row t at {@code block}, those of further rows {@code
   *     blocks} apart
   * @param parts sums of the activations' codes, likewise
   */
  static void add(
      float[] f,
      int scale,
      int sums,
      int rows,
      float[] scales,
      int block,
      int blocks,
      float[] parts,
      int part,
      int partsOfRow) {
    FloatVector scale0 = FloatVector.fromArray(F, f, scale);
    FloatVector scale1 = FloatVector.fromArray(F, f, scale + N);
    FloatVector offset0 = FloatVector.fromArray(F, f, scale + 2 * N);
    FloatVector offset1 = FloatVector.fromArray(F, f, scale + 3 * N);
    for (int k = 0; k < rows; k++) {
      FloatVector d = FloatVector.broadcast(F, scales[block + k * blocks]);
      FloatVector m = FloatVector.broadcast(F, parts[part + k * partsOfRow]);
      int from = INTEGERS + 2 * N * k;
      int to = sums + 2 * N * k;
      FloatVector left =
          (FloatVector)
              FloatVector.fromArray(F, f, from).reinterpretAsInts().convertShape(I2F, F, 0);
      FloatVector right =
          (FloatVector)
              FloatVector.fromArray(F, f, from + N).reinterpretAsInts().convertShape(I2F, F, 0);
      offset0.fma(m, left.fma(scale0.mul(d), FloatVector.fromArray(F, f, to))).intoArray(f, to);
      offset1
          .fma(m, right.fma(scale1.mul(d), FloatVector.fromArray(F, f, to + N)))
          .intoArray(f, to + N);
    }
  }
}
