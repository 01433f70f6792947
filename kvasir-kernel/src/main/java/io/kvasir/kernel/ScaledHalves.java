package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.F;
import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Pages of finite f16 as f32, each slot multiplied with a length of its own. Defined by {@link
 * ScaledHalvesRef}.
 */
public final class ScaledHalves {
  private static final int SLOTS = PageLayout.SLOTS;

  private ScaledHalves() {}

  /**
   * {@code out[d][slot] = in[d][slot] * length[slot]}.
   *
   * @param page native; at its beginning keys of {@link PageLayout.Code#F16}, word[dim / 2][64],
   *     two f16 in a word; f32[64] at byte {@code lengthsAt}
   * @param out native, f32[dim][64]
   */
  public static void columns(MemorySegment page, long lengthsAt, int dim, MemorySegment out) {
    long in = Native.address(page, 0, 2L * SLOTS * dim);
    long lengths = Native.address(page, lengthsAt, 4L * SLOTS);
    long to = Native.address(out, 0, 4L * SLOTS * dim);
    for (int slot = 0; slot < SLOTS; slot += N) {
      FloatVector length = FloatVector.fromMemorySegment(F, Native.ALL, lengths + 4L * slot, LE);
      for (int i = slot; i < SLOTS * dim / 2; i += SLOTS) {
        IntVector words = IntVector.fromMemorySegment(I, Native.ALL, in + 4L * i, LE);
        long low = to + 4L * (2 * i - slot);
        Half.widenFinite(words).mul(length).intoMemorySegment(Native.ALL, low, LE);
        Half.widenFinite(words.lanewise(LSHR, 16))
            .mul(length)
            .intoMemorySegment(Native.ALL, low + 4L * SLOTS, LE);
      }
    }
  }

  /**
   * {@code out[slot][d] = in[slot][d] * length[slot]}; as {@link #columns}, of a page of values,
   * f16[64][dim].
   *
   * @param dim a multiple of 16
   */
  public static void rows(MemorySegment page, long lengthsAt, int dim, MemorySegment out) {
    long in = Native.address(page, 0, 2L * SLOTS * dim);
    long lengths = Native.address(page, lengthsAt, 4L * SLOTS);
    long to = Native.address(out, 0, 4L * SLOTS * dim);
    for (int slot = 0; slot < SLOTS; slot++) {
      float length = Float.intBitsToFloat(Native.word(lengths + 4L * slot));
      for (int i = slot * dim; i < (slot + 1) * dim; i += N) {
        Half.widenFinite(Lanes.shorts(in + 2L * i))
            .mul(length)
            .intoMemorySegment(Native.ALL, to + 4L * i, LE);
      }
    }
  }

  /**
   * {@code out[i][slot] = x[i][slot] * length[slot]}, for i below {@code count}.
   *
   * @param lengthsAt byte of {@code page} at which f32[64] stand
   * @param x [count][64]
   * @param out [count][64], may be x
   */
  public static void scale(MemorySegment page, long lengthsAt, float[] x, int count, float[] out) {
    long lengths = Native.address(page, lengthsAt, 4L * SLOTS);
    for (int slot = 0; slot < SLOTS; slot += N) {
      FloatVector length = FloatVector.fromMemorySegment(F, Native.ALL, lengths + 4L * slot, LE);
      for (int i = slot; i < count * SLOTS; i += SLOTS) {
        FloatVector.fromArray(F, x, i).mul(length).intoArray(out, i);
      }
    }
  }

  /**
   * {@code out[i * stride] = in[i]} for i below n: f16 at byte {@code at} to f32 of {@code out}.
   */
  public static void scatter(
      MemorySegment page, long at, int n, MemorySegment out, int first, int stride) {
    long in = Native.address(page, at, 2L * n);
    long to = Native.address(out, 4L * first, 4L * ((n - 1) * stride + 1));
    for (int i = 0; i < n; i++) {
      Native.put(to + 4L * i * stride, Native.half(in + 2L * i));
    }
  }
}
