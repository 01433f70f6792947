package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Packs rows of ggml blocks into a panel: unpacks one superblock of a row to bytes, eight codes at
 * a time inside a long, then gathers the bytes' low bits into words.
 */
final class CodedPacker {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The same byte eight times is that byte times this. */
  private static final long EACH = 0x0101010101010101L;

  private static final long SIGNS = 0x8080808080808080L;

  private final Coding coding;
  private final TensorType type;
  private final MemorySegment source;
  private final int cols;

  private final byte[] codes = new byte[256 + 8]; // a word is gathered from 8 bytes
  private final int[] fields = new int[16]; // one for each group of the superblock
  private int header;
  private boolean finite;

  CodedPacker(Coding coding, MemorySegment source, int cols) {
    this.coding = coding;
    this.type = TensorType.valueOf(coding.name());
    this.source = source;
    this.cols = cols;
  }

  int pack(int first, int rows, MemorySegment panel) {
    int bad = Integer.MAX_VALUE;
    int blocksPerRow = cols / type.blockElements();
    int[] words = new int[coding.superWords * Gemm.WIDTH];
    for (int s = 0; s < coding.supers(cols); s++) {
      for (int r = 0; r < rows; r++) {
        long block = (long) (first + r) * blocksPerRow;
        int from = s * coding.superCols / type.blockElements();
        finite = true;
        unpack(
            (block + from) * type.blockBytes(),
            Math.min(coding.superCols, cols - s * coding.superCols));
        if (!finite) {
          bad = Math.min(bad, first + r);
        }
        assemble(words, r);
      }
      MemorySegment.copy(
          words, 0, panel, ValueLayout.JAVA_INT, 4L * s * words.length, words.length);
    }
    return bad == Integer.MAX_VALUE ? -1 : bad;
  }

  private void assemble(int[] words, int lane) {
    int at = lane;
    int c = 0;
    int group = 0;
    long bytes = coding.perWord >= 8 ? -1L : (1L << 8 * coding.perWord) - 1;
    long mask = EACH * ((1 << coding.bits) - 1) & bytes;
    if (coding.headerWords > 0) {
      words[at] = header;
      at += Gemm.WIDTH;
    }
    for (; c < coding.superCols; group += coding.groups) {
      int tailAt = at;
      int tail = 0;
      at += coding.tailWords * Gemm.WIDTH;
      for (int g = 0; g < coding.groups; g++) {
        for (int w = 0; w < coding.fullWords; w++, at += Gemm.WIDTH, c += coding.perWord) {
          long word = Long.compress((long) LONGS.get(codes, c), mask);
          if (coding.perWord > 8) {
            word |= Long.compress((long) LONGS.get(codes, c + 8), mask) << 16;
          }
          words[at] = (int) word;
        }
        for (int i = 0; i < coding.spare; i++, c++) {
          tail |= codes[c] << (g * coding.spare + i) * coding.bits;
        }
        if (coding.fieldBits > 0) {
          tail |= fields[group + g] << coding.fieldsAt + g * coding.fieldBits;
        }
      }
      if (coding.tailWords > 0) {
        words[tailAt] = tail;
      }
    }
  }

  /** Fills codes, fields and header from n columns (a superblock, or what is left of the row). */
  private void unpack(long at, int n) {
    switch (coding) {
      case Q2_K -> q2k(at);
      case Q3_K -> q3k(at);
      case Q4_K -> q4k(at);
      case Q5_K -> q5k(at);
      case Q6_K -> q6k(at);
      default -> {
        for (int i = 0; i < coding.superCols / 32; i++) {
          if (i * 32 < n) {
            small(at + (long) i * type.blockBytes(), i);
          } else {
            fields[i] = 0;
          }
        }
      }
    }
  }

  /** A block of 32. */
  private void small(long at, int i) {
    int d = half(at);
    fields[i] = d;
    int to = 32 * i;
    switch (coding) {
      case Q4_0 -> nibbles(at + 2, to);
      case Q4_1 -> {
        header = d | half(at + 2) << 16;
        nibbles(at + 4, to);
      }
      case Q5_0 -> {
        nibbles(at + 6, to);
        fifthBits(source.get(INT, at + 2), to);
      }
      case Q5_1 -> {
        header = d | half(at + 2) << 16;
        nibbles(at + 8, to);
        fifthBits(source.get(INT, at + 4), to);
      }
      case Q8_0 -> {
        for (int j = 0; j < 32; j += 8) { // from [-128, 127] to [0, 255]
          LONGS.set(codes, to + j, source.get(LONG, at + 2 + j) ^ SIGNS);
        }
      }
      case IQ4_NL -> {
        nibbles(at + 2, to);
        for (int j = to; j < to + 32; j++) {
          codes[j] = (byte) (DequantRef.iq4nl(codes[j]) + 128);
        }
      }
      default -> throw new AssertionError(coding);
    }
  }

  /** Element j and j + 16 share a byte. */
  private void nibbles(long at, int to) {
    for (int j = 0; j < 16; j += 8) {
      long v = source.get(LONG, at + j);
      LONGS.set(codes, to + j, v & EACH * 15);
      LONGS.set(codes, to + 16 + j, v >>> 4 & EACH * 15);
    }
  }

  private void fifthBits(int bits, int to) {
    for (int j = 0; j < 32; j += 8) {
      long spread = Long.expand(bits >>> j & 0xffL, EACH * 16);
      LONGS.set(codes, to + j, (long) LONGS.get(codes, to + j) | spread);
    }
  }

  private void q2k(long at) {
    header = half(at + 80) | half(at + 82) << 16;
    for (int g = 0; g < 16; g++) {
      fields[g] = u8(at + g);
    }
    for (int j = 0; j < 256; j += 8) {
      long v = source.get(LONG, at + 16 + j / 128 * 32 + j % 32);
      LONGS.set(codes, j, v >>> j % 128 / 32 * 2 & EACH * 3);
    }
  }

  /** The high bit is set where nothing is subtracted, so it is bit 2 of a code with zero 4. */
  private void q3k(long at) {
    header = half(at + 108);
    for (int g = 0; g < 16; g++) {
      int low = u8(at + 96 + g % 8) >> (g / 8 * 4) & 15;
      int high = u8(at + 104 + g % 4) >> (g / 4 * 2) & 3;
      fields[g] = (low | high << 4) - 32 & 0xff;
    }
    for (int j = 0; j < 256; j += 8) {
      long low = source.get(LONG, at + 32 + j / 128 * 32 + j % 32) >>> j % 128 / 32 * 2;
      long high = source.get(LONG, at + j % 32) >>> j / 32;
      LONGS.set(codes, j, low & EACH * 3 | (high & EACH) << 2);
    }
  }

  private void q4k(long at) {
    scalesAndMins(at);
    for (int j = 0; j < 256; j += 8) {
      long v = source.get(LONG, at + 16 + j / 64 * 32 + j % 32);
      LONGS.set(codes, j, v >>> j % 64 / 32 * 4 & EACH * 15);
    }
  }

  private void q5k(long at) {
    scalesAndMins(at);
    for (int j = 0; j < 256; j += 8) {
      long low = source.get(LONG, at + 48 + j / 64 * 32 + j % 32) >>> j % 64 / 32 * 4;
      long high = source.get(LONG, at + 16 + j % 32) >>> j / 32;
      LONGS.set(codes, j, low & EACH * 15 | (high & EACH) << 4);
    }
  }

  private void scalesAndMins(long at) {
    header = half(at) | half(at + 2) << 16;
    for (int g = 0; g < 4; g++) {
      int a = u8(at + 4 + g);
      int b = u8(at + 8 + g);
      int c = u8(at + 12 + g);
      fields[g] = a & 63 | (b & 63) << 6;
      fields[g + 4] = (c & 15 | a >> 6 << 4) | (c >> 4 | b >> 6 << 4) << 6;
    }
  }

  private void q6k(long at) {
    header = half(at + 208);
    for (int g = 0; g < 16; g++) {
      fields[g] = u8(at + 192 + g);
    }
    for (int j = 0; j < 256; j += 8) {
      long low = source.get(LONG, at + j / 128 * 64 + j % 64) >>> j % 128 / 64 * 4;
      long high = source.get(LONG, at + 128 + j / 128 * 32 + j % 32) >>> j % 128 / 32 * 2;
      LONGS.set(codes, j, low & EACH * 15 | (high & EACH * 3) << 4);
    }
  }

  private int half(long at) {
    int bits = source.get(SHORT, at) & 0xffff;
    finite &= Half.finite(bits);
    return bits;
  }

  private int u8(long at) {
    return source.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }
}
