package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What each weight format means, one element at a time: the truth that packed kernels are tested
 * against.
 *
 * <p>Source: the block structs of ggml's {@code ggml-common.h} and the formulas of its {@code
 * dequantize_row_*}. All fields are little-endian; {@code d}, {@code dmin} and {@code m} are f16.
 * Products round to f32 in the order written here.
 */
public final class DequantRef {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final byte[] IQ4_NL_VALUES = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private DequantRef() {}

  /** The 16 values that a code of IQ4_NL stands for. */
  static byte iq4nl(int code) {
    return IQ4_NL_VALUES[code];
  }

  /**
   * {@code out[0..n-1]}: the first n elements of the blocks at byte {@code at}.
   *
   * @param n any number; the block that holds element n - 1 must be inside {@code source}
   */
  public static void row(TensorType type, MemorySegment source, long at, int n, float[] out) {
    for (int i = 0; i < n; i++) {
      long block = at + (long) (i / type.blockElements()) * type.blockBytes();
      out[i] = element(type, source, block, i % type.blockElements());
    }
  }

  private static float element(TensorType type, MemorySegment s, long at, int i) {
    return switch (type) {
      case F32 -> Float.intBitsToFloat(s.get(INT, at));
      case F16 -> half(s, at);
      case BF16 -> Float.intBitsToFloat(s.get(SHORT, at) << 16);
      // d, nibbles[16]: element i and i + 16 share a byte
      case Q4_0 -> half(s, at) * (nibble(s, at + 2, i) - 8);
      case IQ4_NL -> half(s, at) * iq4nl(nibble(s, at + 2, i));
      // d, m, nibbles[16]
      case Q4_1 -> half(s, at) * nibble(s, at + 4, i) + half(s, at + 2);
      // d, high bits (u32), nibbles[16]
      case Q5_0 -> half(s, at) * ((nibble(s, at + 6, i) | bit(s, at + 2, i) << 4) - 16);
      // d, m, high bits (u32), nibbles[16]
      case Q5_1 -> half(s, at) * (nibble(s, at + 8, i) | bit(s, at + 4, i) << 4) + half(s, at + 2);
      // d, i8[32]
      case Q8_0 -> half(s, at) * s.get(ValueLayout.JAVA_BYTE, at + 2 + i);
      case Q2_K -> q2k(s, at, i);
      case Q3_K -> q3k(s, at, i);
      case Q4_K -> q4k(s, at, i);
      case Q5_K -> q5k(s, at, i);
      case Q6_K -> q6k(s, at, i);
    };
  }

  /** scales[16] (low nibble: scale, high: min), quants[64], d, dmin. */
  private static float q2k(MemorySegment s, long at, int i) {
    int scale = u8(s, at + i / 16);
    int code = u8(s, at + 16 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
    float dl = half(s, at + 80) * (scale & 15);
    float ml = half(s, at + 82) * (scale >> 4);
    return dl * code - ml;
  }

  /** high bits[32], quants[64], 16 scales of 6 bits in 12 bytes, d. */
  private static float q3k(MemorySegment s, long at, int i) {
    int group = i / 16;
    int low = u8(s, at + 96 + group % 8) >> (group / 8 * 4) & 15;
    int high = u8(s, at + 104 + group % 4) >> (group / 4 * 2) & 3;
    int code = u8(s, at + 32 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
    int offset = (u8(s, at + i % 32) >> (i / 32) & 1) == 0 ? 4 : 0;
    float dl = half(s, at + 108) * ((low | high << 4) - 32);
    return dl * (code - offset);
  }

  /** d, dmin, 8 scales and 8 mins of 6 bits in 12 bytes, quants[128]. */
  private static float q4k(MemorySegment s, long at, int i) {
    int code = u8(s, at + 16 + i / 64 * 32 + i % 32) >> (i % 64 / 32 * 4) & 15;
    return scaled(s, at, i / 32, code);
  }

  /** d, dmin, scales as in Q4_K, high bits[32], quants[128]. */
  private static float q5k(MemorySegment s, long at, int i) {
    int code = u8(s, at + 48 + i / 64 * 32 + i % 32) >> (i % 64 / 32 * 4) & 15;
    int high = u8(s, at + 16 + i % 32) >> (i / 32) & 1;
    return scaled(s, at, i / 32, code | high << 4);
  }

  private static float scaled(MemorySegment s, long at, int group, int code) {
    int scale;
    int min;
    if (group < 4) {
      scale = u8(s, at + 4 + group) & 63;
      min = u8(s, at + 8 + group) & 63;
    } else {
      scale = u8(s, at + 8 + group) & 15 | u8(s, at + group) >> 6 << 4;
      min = u8(s, at + 8 + group) >> 4 | u8(s, at + 4 + group) >> 6 << 4;
    }
    float dl = half(s, at) * scale;
    float ml = half(s, at + 2) * min;
    return dl * code - ml;
  }

  /** low nibbles[128], high pairs[64], i8 scales[16], d. */
  private static float q6k(MemorySegment s, long at, int i) {
    int low = u8(s, at + i / 128 * 64 + i % 64) >> (i % 128 / 64 * 4) & 15;
    int high = u8(s, at + 128 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
    float dl = half(s, at + 208) * s.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
    return dl * ((low | high << 4) - 32);
  }

  private static float half(MemorySegment s, long at) {
    return Float.float16ToFloat(s.get(SHORT, at));
  }

  private static int nibble(MemorySegment s, long at, int i) {
    return u8(s, at + i % 16) >> (i / 16 * 4) & 15;
  }

  private static int bit(MemorySegment s, long at, int i) {
    return s.get(INT, at) >>> i & 1;
  }

  private static int u8(MemorySegment s, long at) {
    return s.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }
}
