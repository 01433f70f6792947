package io.kvasir.kernel;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The forms in which {@link PageKernels} reads a page: lines of equal width, little-endian, without
 * scales (a codec folds those into the query, the weights or the result).
 *
 * <p>Lines of codes below a byte come in runs of 16 bytes: U4 has 32 elements a run, byte b holding
 * element b in its low and 16 + b in its high nibble; U2 has 64, byte b holding elements b, 16 + b,
 * 32 + b, 48 + b from the low bits up. A last run that is not full still takes 16 bytes.
 */
public enum PageForm {
  F32(32),
  F16(16),
  /** Signed. */
  I8(8),
  /** Unsigned, 0 to 15. */
  U4(4),
  /** Unsigned, 0 to 3. */
  U2(2);

  private static final int RUN_BYTES = 16;
  private static final int PARTS = Lanes.B.length() / Lanes.N; // 2 on 128-bit machines, else 1
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Lanes.LE);

  private final int bits;

  PageForm(int bits) {
    this.bits = bits;
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }

  /** Bytes from one line to the next. */
  public int lineBytes(int width) {
    return bits >= 8 ? width * bits / 8 : Math.ceilDiv(width, RUN_BYTES * 8 / bits) * RUN_BYTES;
  }

  /** Where in its line the byte of element j of a code below a byte is. */
  public static int byteOf(int j, int bits) {
    return j / (RUN_BYTES * 8 / bits) * RUN_BYTES + j % RUN_BYTES;
  }

  /** By how many bits that element is shifted up in its byte. */
  public static int shiftOf(int j, int bits) {
    return j % (RUN_BYTES * 8 / bits) / RUN_BYTES * bits;
  }

  /**
   * {@code out[outAt + l * width + j] = } element j of line l.
   *
   * @param page lines from byte {@code at}, as long as {@link #lineBytes}
   * @param width elements of a line, a multiple of 16: 64 for keys, D for values
   */
  public void expand(MemorySegment page, long at, int lines, int width, float[] out, int outAt) {
    if (width % 16 != 0) {
      throw new IllegalArgumentException("page: width=" + width + " must be a multiple of 16");
    }
    int n = lines * width;
    switch (this) {
      case F32 -> MemorySegment.copy(page, FLOAT, at, out, outAt, n);
      case F16 -> Half.widen(page, at, out, outAt, n);
      case I8 -> bytes(page, at, n, out, outAt);
      case U4, U2 -> {
        int run = RUN_BYTES * 8 / bits;
        if (width % run == 0) {
          runs(page, at, n, bits, out, outAt);
        } else {
          for (int l = 0; l < lines; l++) {
            runs(page, at + (long) l * lineBytes(width), width, bits, out, outAt + l * width);
          }
        }
      }
    }
  }

  private static void bytes(MemorySegment page, long at, int n, float[] out, int outAt) {
    for (int i = 0; i < n; i += Lanes.B.length()) {
      ByteVector v = ByteVector.fromMemorySegment(Lanes.B, page, at + i, Lanes.LE);
      for (int part = 0; part < PARTS; part++) {
        ((FloatVector) v.convertShape(B2I, Lanes.I, part).convertShape(I2F, Lanes.F, 0))
            .intoArray(out, outAt + i + part * Lanes.N);
      }
    }
  }

  /** Runs of 16 bytes; the last may be cut short at a multiple of 16 elements. */
  private static void runs(MemorySegment page, long at, int n, int bits, float[] out, int outAt) {
    int mask = (1 << bits) - 1;
    long from = at;
    for (int i = 0; i < n; i += RUN_BYTES * 8 / bits, from += RUN_BYTES) {
      int planes = Math.min(8 / bits, (n - i) / RUN_BYTES);
      for (int b = 0; b < RUN_BYTES; b += Lanes.B.length()) {
        ByteVector v = ByteVector.fromMemorySegment(Lanes.B, page, from + b, Lanes.LE);
        for (int part = 0; part < PARTS; part++) {
          IntVector codes = (IntVector) v.convertShape(ZERO_EXTEND_B2I, Lanes.I, part);
          int to = outAt + i + b + part * Lanes.N;
          for (int plane = 0; plane < planes; plane++, to += RUN_BYTES) {
            ((FloatVector) codes.and(mask).convertShape(I2F, Lanes.F, 0)).intoArray(out, to);
            codes = codes.lanewise(LSHR, bits);
          }
        }
      }
    }
  }
}
