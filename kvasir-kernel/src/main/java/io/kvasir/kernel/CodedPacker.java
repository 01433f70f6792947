package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Packs rows of ggml blocks into a panel: unpacks a section of a row to bytes, one unsigned code
 * each, eight at a time inside a long, then gathers the bytes' bits into words.
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

  private static final long ONES = 0x0101010101010101L; // the lowest bit of each of eight bytes
  private static final long PAIRS = 0x0303030303030303L;
  private static final long NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long EVEN = 0x00ff00ff00ff00ffL; // bytes 0, 2, 4 and 6
  private static final long ODD = ~EVEN;
  private static final long SIGNS = 0x8080808080808080L;

  private final Coding coding;
  private final TensorType type;
  private final MemorySegment source;
  private final int cols;

  private final byte[] codes = new byte[Coding.SECTION];
  private final int[] fields = new int[16]; // one for each group of the section
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
    long rowBytes = (long) (cols / type.blockElements()) * type.blockBytes();
    int[] words = new int[coding.words(Coding.SECTION) * Gemm.WIDTH];
    long to = 0;
    for (int from = 0; from < cols; from += Coding.SECTION) {
      int n = Math.min(Coding.SECTION, cols - from);
      for (int r = 0; r < rows; r++) {
        finite = true;
        long block = (long) (from / type.blockElements()) * type.blockBytes();
        unpack((first + r) * rowBytes + block, n);
        if (!finite) {
          bad = Math.min(bad, first + r);
        }
        assemble(words, r, n);
      }
      int length = coding.words(n) * Gemm.WIDTH;
      MemorySegment.copy(words, 0, panel, ValueLayout.JAVA_INT, to, length);
      to += 4L * length;
    }
    return bad == Integer.MAX_VALUE ? -1 : bad;
  }

  private void assemble(int[] words, int lane, int n) {
    int at = lane;
    if (coding.headerWords > 0) {
      words[at] = header;
      at += Gemm.WIDTH;
    }
    int groups = coding.groups(n);
    for (int g = 0; g < groups; g += coding.fieldsPerWord, at += Gemm.WIDTH) {
      int word = 0;
      for (int i = Math.min(coding.fieldsPerWord, groups - g) - 1; i >= 0; i--) {
        word = coding.fieldBits == 32 ? fields[g] : word << coding.fieldBits | fields[g + i];
      }
      words[at] = word;
    }
    for (int c = 0; c < n; c += Coding.BLOCK, at += coding.bits * Gemm.WIDTH) {
      switch (coding.bits) {
        case 2 -> {
          words[at] = pairs(c);
          words[at + Gemm.WIDTH] = pairs(c + 16);
        }
        case 3 -> {
          words[at] = pairs(c);
          words[at + Gemm.WIDTH] = pairs(c + 16);
          words[at + 2 * Gemm.WIDTH] = high(c);
        }
        case 4 -> nibbles(words, at, c);
        case 5 -> fives(words, at, c);
        case 6 -> {
          sixes(words, at, c);
          sixes(words, at + 3 * Gemm.WIDTH, c + 16);
        }
        default -> bytes(words, at, c);
      }
    }
  }

  private long codes(int c) {
    return (long) LONGS.get(codes, c);
  }

  private void nibbles(int[] words, int at, int c) {
    for (int w = 0; w < 4; w++) {
      words[at + w * Gemm.WIDTH] = evenAndOdd(codes(c + 8 * w), NIBBLES);
    }
  }

  /** The bits of a mask of bytes, gathered: of even bytes in the low half, of odd in the upper. */
  private static int evenAndOdd(long eight, long mask) {
    return (int) (Long.compress(eight, mask & EVEN) | Long.compress(eight, mask & ODD) << 16);
  }

  private void fives(int[] words, int at, int c) {
    int last = evenAndOdd(codes(c + 24), 0x1f1fL << 48);
    for (int w = 0; w < 5; w++) {
      int bit = last >>> (4 - w) & 0x00010001;
      words[at + w * Gemm.WIDTH] = evenAndOdd(codes(c + 6 * w), 0x1f1f1f1f1f1fL) | bit << 15;
    }
  }

  private void sixes(int[] words, int at, int c) {
    int twelve = evenAndOdd(codes(c + 8), 0x3f3fL << 32);
    int fourteen = evenAndOdd(codes(c + 8), 0x3f3fL << 48);
    int[] above = {
      twelve & 0x000f000f,
      fourteen & 0x000f000f,
      twelve >>> 4 & 0x00030003 | (fourteen >>> 4 & 0x00030003) << 2
    };
    for (int w = 0; w < 3; w++) {
      words[at + w * Gemm.WIDTH] = evenAndOdd(codes(c + 4 * w), 0x3f3f3f3fL) | above[w] << 12;
    }
  }

  /** The low two bits of sixteen codes. */
  private int pairs(int c) {
    int first = evenAndOdd(codes(c), PAIRS);
    return first | evenAndOdd(codes(c + 8), PAIRS) << 8;
  }

  /** The high bits of 32 codes of 3 bits, as signs: the first in the highest place of a short. */
  private int high(int c) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= evenAndOdd(~codes(c + 8 * i) >>> 2, ONES) << 4 * i;
    }
    return Integer.reverse(bits << 16 | bits >>> 16);
  }

  private void bytes(int[] words, int at, int c) {
    for (int w = 0; w < 8; w += 2) {
      long eight = codes(c + 4 * w) ^ SIGNS; // signed, as they are stored
      long even = Long.compress(eight, EVEN);
      long odd = Long.compress(eight, ODD);
      words[at + w * Gemm.WIDTH] = (int) (even & 0xffff | odd << 16);
      words[at + (w + 1) * Gemm.WIDTH] = (int) (even >>> 16 | odd & 0xffff0000L);
    }
  }

  /** Fills codes, fields and header from n columns: a section, or what is left of the row. */
  private void unpack(long at, int n) {
    switch (coding) {
      case Q2_K -> q2k(at);
      case Q3_K -> q3k(at);
      case Q4_K -> q4k(at);
      case Q5_K -> q5k(at);
      case Q6_K -> q6k(at);
      default -> {
        for (int i = 0; i < n / Coding.BLOCK; i++) {
          small(at + (long) i * type.blockBytes(), i);
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
        fields[i] = d | half(at + 2) << 16;
        nibbles(at + 4, to);
      }
      case Q5_0 -> {
        nibbles(at + 6, to);
        fifthBits(source.get(INT, at + 2), to);
      }
      case Q5_1 -> {
        fields[i] = d | half(at + 2) << 16;
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
      LONGS.set(codes, to + j, eight(at + j, 0, NIBBLES));
      LONGS.set(codes, to + 16 + j, eight(at + j, 4, NIBBLES));
    }
  }

  private void fifthBits(int bits, int to) {
    for (int j = 0; j < 32; j += 8) {
      long spread = Long.expand(bits >>> j & 0xffL, ONES << 4);
      LONGS.set(codes, to + j, (long) LONGS.get(codes, to + j) | spread);
    }
  }

  private void q2k(long at) {
    header = half(at + 80) | half(at + 82) << 16;
    for (int g = 0; g < 16; g++) {
      fields[g] = u8(at + g);
    }
    for (int j = 0; j < 256; j += 8) {
      LONGS.set(codes, j, pairsOf128(at + 16, j));
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
      LONGS.set(codes, j, pairsOf128(at + 32, j) | eight(at + j % 32, j / 32, ONES) << 2);
    }
  }

  private void q4k(long at) {
    scalesAndMins(at);
    for (int j = 0; j < 256; j += 8) {
      LONGS.set(codes, j, nibblesOf64(at + 16, j));
    }
  }

  private void q5k(long at) {
    scalesAndMins(at);
    for (int j = 0; j < 256; j += 8) {
      LONGS.set(codes, j, nibblesOf64(at + 48, j) | eight(at + 16 + j % 32, j / 32, ONES) << 4);
    }
  }

  private void scalesAndMins(long at) {
    header = half(at) | half(at + 2) << 16;
    for (int g = 0; g < 4; g++) {
      int a = u8(at + 4 + g);
      int b = u8(at + 8 + g);
      int c = u8(at + 12 + g);
      fields[g] = (a & 63) | (b & 63) << 6;
      int scale = (c & 15) | a >> 6 << 4;
      int min = c >> 4 | b >> 6 << 4;
      fields[g + 4] = scale | min << 6;
    }
  }

  private void q6k(long at) {
    header = half(at + 208);
    for (int g = 0; g < 16; g++) {
      fields[g] = u8(at + 192 + g);
    }
    for (int j = 0; j < 256; j += 8) {
      int ofHalf = j / 128 * 64 + j % 64;
      long low = eight(at + ofHalf, j % 128 / 64 * 4, NIBBLES);
      LONGS.set(codes, j, low | pairsOf128(at + 128, j) << 4);
    }
  }

  /** Eight bytes, each shifted down and masked. */
  private long eight(long at, int shift, long mask) {
    return source.get(LONG, at) >>> shift & mask;
  }

  /** Elements j and j + 32 of 64 share a byte. */
  private long nibblesOf64(long at, int j) {
    int line = j / 64 * 32 + j % 32;
    return eight(at + line, j % 64 / 32 * 4, NIBBLES);
  }

  /** Elements j, j + 32, j + 64 and j + 96 of 128 share a byte. */
  private long pairsOf128(long at, int j) {
    int line = j / 128 * 32 + j % 32;
    return eight(at + line, j % 128 / 32 * 2, PAIRS);
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
