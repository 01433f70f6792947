package io.kvasir.kernel;

import static io.kvasir.kernel.Lanes.N;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Scales and offsets of the groups of a block, for the 2 N rows of a panel: for group g, at {@code
 * out[4 g N]}, two vectors of scales and two of offsets. One method for each {@link Coding.Scale},
 * because vectors that meet behind a branch are boxed.
 */
final class CodeScales {
  private CodeScales() {}

  static void header(MemorySegment from, long header, float[] out) {
    for (int half = 0; half < 2; half++) {
      IntVector head = IntVector.fromMemorySegment(Lanes.I, from, header + 4L * half * N, Lanes.LE);
      Half.widenFinite(head).intoArray(out, half * N);
      head.lanewise(ASHR, 3)
          .and(Half.SIGN_AND_MAGNITUDE)
          .reinterpretAsFloats()
          .mul(Half.BIAS)
          .intoArray(out, (2 + half) * N);
    }
  }

  static void halves(MemorySegment from, long tail, int first, int groups, int zero, float[] out) {
    for (int half = 0; half < 2; half++) {
      IntVector fields = IntVector.fromMemorySegment(Lanes.I, from, tail + 4L * half * N, Lanes.LE);
      for (int g = 0; g < groups; g++) {
        IntVector upper = fields.lanewise(LSHL, 16 - first - 16 * g);
        FloatVector scale =
            upper
                .lanewise(ASHR, 3)
                .and(Half.SIGN_AND_MAGNITUDE)
                .reinterpretAsFloats()
                .mul(Half.BIAS);
        scale.intoArray(out, (4 * g + half) * N);
        scale.mul(-zero).intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }

  /** Scale and min of {@code width} bits each. */
  static void pairs(
      MemorySegment from, long header, long tail, int first, int groups, int width, float[] out) {
    int mask = (1 << width) - 1;
    for (int half = 0; half < 2; half++) {
      IntVector head = IntVector.fromMemorySegment(Lanes.I, from, header + 4L * half * N, Lanes.LE);
      FloatVector d = Half.widenFinite(head);
      FloatVector dmin =
          head.lanewise(ASHR, 3)
              .and(Half.SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .mul(Half.BIAS)
              .neg();
      IntVector fields = IntVector.fromMemorySegment(Lanes.I, from, tail + 4L * half * N, Lanes.LE);
      for (int g = 0; g < groups; g++) {
        int at = first + 2 * width * g;
        IntVector scale = fields.lanewise(LSHR, at).and(mask);
        IntVector min = fields.lanewise(LSHR, at + width).and(mask);
        ((FloatVector) scale.convertShape(I2F, Lanes.F, 0))
            .mul(d)
            .intoArray(out, (4 * g + half) * N);
        ((FloatVector) min.convertShape(I2F, Lanes.F, 0))
            .mul(dmin)
            .intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }

  static void bytes(
      MemorySegment from, long header, long tail, int first, int groups, int zero, float[] out) {
    for (int half = 0; half < 2; half++) {
      FloatVector d =
          Half.widenFinite(
              IntVector.fromMemorySegment(Lanes.I, from, header + 4L * half * N, Lanes.LE));
      IntVector fields = IntVector.fromMemorySegment(Lanes.I, from, tail + 4L * half * N, Lanes.LE);
      for (int g = 0; g < groups; g++) {
        IntVector signed = fields.lanewise(LSHL, 24 - first - 8 * g).lanewise(ASHR, 24);
        FloatVector scale = ((FloatVector) signed.convertShape(I2F, Lanes.F, 0)).mul(d);
        scale.intoArray(out, (4 * g + half) * N);
        scale.mul(-zero).intoArray(out, (4 * g + 2 + half) * N);
      }
    }
  }
}
