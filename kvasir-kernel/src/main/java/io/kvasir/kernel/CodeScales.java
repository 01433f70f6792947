package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.I;
import static io.kvasir.kernel.Lanes.LE;
import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Scales and offsets of the groups of a section, for the 2 N rows of a panel: for group g, at
 * {@code out[4 g N]}, two vectors of scales and two of offsets. One method for each {@link
 * Coding.Scale}, because vectors that meet behind a branch are boxed.
 *
 * <p>{@code bias} times the scale is added to each offset, for codes that are stored less it.
 */
final class CodeScales {
  private static final long WORD = 4L * Gemm.WIDTH;

  private CodeScales() {}

  static void twoHalves(long at, int groups, int bias, float[] out) {
    for (int g = 0; g < groups; g++) {
      for (int half = 0; half < 2; half++) {
        IntVector field =
            IntVector.fromMemorySegment(I, Native.ALL, at + g * WORD + 4L * half * N, LE);
        FloatVector scale = Half.widenFinite(field);
        scale.intoArray(out, (4 * g + half) * N);
        FloatVector offset =
            field
                .lanewise(ASHR, 3)
                .and(Half.SIGN_AND_MAGNITUDE)
                .reinterpretAsFloats()
                .mul(Half.BIAS);
        scale
            .fma(FloatVector.broadcast(Lanes.F, bias), offset)
            .intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }

  /**
   * @param zero what stands for zero among codes as they are stored
   */
  static void halves(long at, int groups, int zero, float[] out) {
    for (int g = 0; g < groups; g++) {
      long word = at + g / 2 * WORD;
      for (int half = 0; half < 2; half++) {
        IntVector fields = IntVector.fromMemorySegment(I, Native.ALL, word + 4L * half * N, LE);
        FloatVector scale =
            fields
                .lanewise(LSHL, 16 - g % 2 * 16)
                .lanewise(ASHR, 3)
                .and(Half.SIGN_AND_MAGNITUDE)
                .reinterpretAsFloats()
                .mul(Half.BIAS);
        scale.intoArray(out, (4 * g + half) * N);
        scale.mul(-zero).intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }

  /** Scale and min of {@code width} bits each, after a header of d and dmin. */
  static void scalesAndMins(long at, int groups, int width, int bias, float[] out) {
    int mask = (1 << width) - 1;
    int perWord = 16 / width;
    for (int half = 0; half < 2; half++) {
      IntVector head = IntVector.fromMemorySegment(I, Native.ALL, at + 4L * half * N, LE);
      FloatVector d = Half.widenFinite(head);
      FloatVector dmin =
          head.lanewise(ASHR, 3)
              .and(Half.SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .mul(Half.BIAS)
              .neg();
      for (int g = 0; g < groups; g++) {
        long word = at + (1 + g / perWord) * WORD + 4L * half * N;
        IntVector fields =
            IntVector.fromMemorySegment(I, Native.ALL, word, LE)
                .lanewise(LSHR, g % perWord * 2 * width);
        FloatVector scale = ((FloatVector) fields.and(mask).convertShape(I2F, Lanes.F, 0)).mul(d);
        scale.intoArray(out, (4 * g + half) * N);
        FloatVector offset =
            ((FloatVector) fields.lanewise(LSHR, width).and(mask).convertShape(I2F, Lanes.F, 0))
                .mul(dmin);
        scale
            .fma(FloatVector.broadcast(Lanes.F, bias), offset)
            .intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }

  /**
   * @param zero what stands for zero among codes as they are stored
   */
  static void signedBytes(long at, int groups, int zero, float[] out) {
    for (int half = 0; half < 2; half++) {
      FloatVector d =
          Half.widenFinite(IntVector.fromMemorySegment(I, Native.ALL, at + 4L * half * N, LE));
      for (int g = 0; g < groups; g++) {
        long word = at + (1 + g / 4) * WORD + 4L * half * N;
        IntVector signed =
            IntVector.fromMemorySegment(I, Native.ALL, word, LE)
                .lanewise(LSHL, 24 - g % 4 * 8)
                .lanewise(ASHR, 24);
        FloatVector scale = ((FloatVector) signed.convertShape(I2F, Lanes.F, 0)).mul(d);
        scale.intoArray(out, (4 * g + half) * N);
        scale.mul(-zero).intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }
}
