package io.kvasir.engine.gguf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes in the order of the format, one number or text after the other. */
final class LittleEndian {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LittleEndian raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  LittleEndian ascii(String text) {
    return raw(text.getBytes(UTF_8));
  }

  LittleEndian u8(int value) {
    out.write(value);
    return this;
  }

  LittleEndian u16(int value) {
    return u8(value).u8(value >> 8);
  }

  LittleEndian u32(int value) {
    return u16(value).u16(value >> 16);
  }

  LittleEndian u64(long value) {
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value).array());
  }

  LittleEndian f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  LittleEndian f64(double value) {
    return u64(Double.doubleToRawLongBits(value));
  }

  /** Its length, and the text. */
  LittleEndian string(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    return u64(utf8.length).raw(utf8);
  }

  LittleEndian zeros(long count) {
    return raw(new byte[Math.toIntExact(count)]);
  }

  /** Zeros up to the next multiple. */
  LittleEndian pad(int alignment) {
    return zeros(Math.floorMod(-size(), alignment));
  }

  int size() {
    return out.size();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
