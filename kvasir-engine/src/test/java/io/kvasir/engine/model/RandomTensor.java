package io.kvasir.engine.model;

import io.kvasir.kernel.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Random weights of every file format: random codes, scales such that the elements have mean 0 and
 * a standard deviation near {@code 1 / sqrt(cols)}, as a trained layer's.
 */
final class RandomTensor {
  private RandomTensor() {}

  /** Blocks of {@code rows} rows of {@code cols} elements. */
  static byte[] matrix(TensorType type, int rows, int cols, Random random) {
    int blocks = rows * (cols / type.blockElements());
    byte[] bytes = new byte[blocks * type.blockBytes()];
    random.nextBytes(bytes);
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double std = 1 / Math.sqrt(cols);
    for (int b = 0; b < blocks; b++) {
      int at = b * type.blockBytes();
      float value = (float) (random.nextGaussian() * std);
      switch (type) {
        case F32 -> out.putFloat(at, value);
        case F16 -> half(out, at, value);
        case BF16 -> out.putShort(at, (short) (Float.floatToIntBits(value) >>> 16));
        case Q4_0 -> half(out, at, std / 5);
        case Q5_0 -> half(out, at, std / 9);
        case Q8_0, IQ4_NL -> half(out, at, std / 73);
        case Q4_1 -> pair(out, at, std / 5, -7.5);
        case Q5_1 -> pair(out, at, std / 9, -15.5);
        case Q4_K -> pair(out, at, std / 180, 7.5);
        case Q5_K -> pair(out, at, std / 360, 15.5);
        case Q2_K -> pair(out, at + 80, std / 10, 1.5);
        case Q3_K -> half(out, at + 108, std / 42);
        case Q6_K -> half(out, at + 208, std / 1300);
      }
    }
    return bytes;
  }

  /** An f32 vector around {@code mean}. */
  static byte[] vector(int n, double mean, double std, Random random) {
    ByteBuffer out = ByteBuffer.allocate(Float.BYTES * n).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      out.putFloat((float) (mean + std * random.nextGaussian()));
    }
    return out.array();
  }

  private static void pair(ByteBuffer out, int at, double scale, double offsetInScales) {
    half(out, at, scale);
    half(out, at + 2, scale * offsetInScales);
  }

  private static void half(ByteBuffer out, int at, double value) {
    out.putShort(at, Float.floatToFloat16((float) value));
  }
}
