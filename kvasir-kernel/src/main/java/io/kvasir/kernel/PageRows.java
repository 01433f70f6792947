package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Writes, reads and moves single rows of pages that lie as a {@link PageLayout} says. */
public final class PageRows {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private PageRows() {}

  /**
   * Writes one block of a key.
   *
   * @param side the side data, first entry lowest; ignored where there is none
   * @param codes layout.block() codes, of which the low bits count
   */
  public static void writeKey(
      PageLayout layout, MemorySegment page, int slot, int block, int side, int[] codes) {
    int bits = layout.code().bits();
    int per = 32 / bits;
    writeSide(layout.side(), page, keySide(layout, slot, block), side);
    long at = keyWord(layout, slot, block * layout.block() / per);
    for (int d = 0; d < layout.block(); d += per, at += 4 * PageLayout.SLOTS) {
      int word = 0;
      for (int i = 0; i < per; i++) {
        word |= (codes[d + i] & -1 >>> 32 - bits) << bits * i;
      }
      page.set(INT, at, word);
    }
  }

  /** Writes one block of a value; as {@link #writeKey}. */
  public static void writeValue(
      PageLayout layout, MemorySegment page, int slot, int block, int side, int[] codes) {
    writeSide(layout.side(), page, valueSide(layout, slot, block), side);
    int size = layout.block();
    long at = valueRow(layout, slot) + (long) block * size * layout.code().bits() / 8;
    switch (layout.code()) {
      case F32 -> MemorySegment.copy(codes, 0, page, INT, at, size);
      case F16 -> {
        for (int d = 0; d < size; d++) {
          page.set(SHORT, at + 2L * d, (short) codes[d]);
        }
      }
      case I8 -> {
        for (int d = 0; d < size; d++) {
          page.set(BYTE, at + d, (byte) codes[d]);
        }
      }
      case U4 -> {
        for (int i = 0; i < size / 2; i++) {
          int d = i / 16 * 32 + i % 16;
          page.set(BYTE, at + i, (byte) (codes[d] & 15 | codes[d + 16] << 4));
        }
      }
    }
  }

  /** {@code out[at + d] = k[slot][d]}. */
  public static void readKey(PageLayout layout, MemorySegment page, int slot, float[] out, int at) {
    for (int d = 0; d < layout.dim(); d++) {
      long side = keySide(layout, slot, d / layout.block());
      out[at + d] = apply(layout, page, side, keyCode(layout, page, slot, d));
    }
  }

  /** {@code out[at + d] = v[slot][d]}. */
  public static void readValue(
      PageLayout layout, MemorySegment page, int slot, float[] out, int at) {
    long row = valueRow(layout, slot);
    for (int d = 0; d < layout.dim(); d++) {
      int code =
          switch (layout.code()) {
            case F32 -> page.get(INT, row + 4L * d);
            case F16 -> page.get(SHORT, row + 2L * d);
            case I8 -> page.get(BYTE, row + d);
            case U4 -> page.get(BYTE, row + d / 32 * 16 + d % 16) >>> d % 32 / 16 * 4;
          };
      long side = valueSide(layout, slot, d / layout.block());
      out[at + d] = apply(layout, page, side, number(layout.code(), code));
    }
  }

  /** Copies a key, bit for bit. */
  public static void moveKey(
      PageLayout layout, MemorySegment from, int slot, MemorySegment to, int target) {
    for (int block = 0; block < layout.blocks() && layout.side().bytes() > 0; block++) {
      to.set(SHORT, keySide(layout, target, block), from.get(SHORT, keySide(layout, slot, block)));
    }
    for (int word = 0; word < layout.rowBytes() / 4; word++) {
      to.set(INT, keyWord(layout, target, word), from.get(INT, keyWord(layout, slot, word)));
    }
  }

  /** Copies a value, bit for bit. */
  public static void moveValue(
      PageLayout layout, MemorySegment from, int slot, MemorySegment to, int target) {
    MemorySegment.copy(
        from,
        valueSide(layout, slot, 0),
        to,
        valueSide(layout, target, 0),
        (long) layout.blocks() * layout.side().bytes());
    MemorySegment.copy(
        from, valueRow(layout, slot), to, valueRow(layout, target), layout.rowBytes());
  }

  static long keySide(PageLayout layout, int slot, int block) {
    return (long) layout.side().bytes() * (block * PageLayout.SLOTS + slot);
  }

  private static long keyWord(PageLayout layout, int slot, int word) {
    return layout.codesAt() + 4L * (word * PageLayout.SLOTS + slot);
  }

  private static long valueSide(PageLayout layout, int slot, int block) {
    return (long) layout.side().bytes() * (slot * layout.blocks() + block);
  }

  private static long valueRow(PageLayout layout, int slot) {
    return layout.codesAt() + (long) slot * layout.rowBytes();
  }

  private static void writeSide(PageLayout.Side side, MemorySegment page, long at, int entry) {
    if (side != PageLayout.Side.NONE) {
      page.set(SHORT, at, (short) entry);
    }
  }

  /** A key's number before its side data is applied. */
  static float keyCode(PageLayout layout, MemorySegment page, int slot, int d) {
    int bits = layout.code().bits();
    int word = page.get(INT, keyWord(layout, slot, d * bits / 32));
    return number(layout.code(), word >>> d * bits % 32);
  }

  /** What the low bits of {@code code} stand for. */
  private static float number(PageLayout.Code code, int bits) {
    return switch (code) {
      case F32 -> Float.intBitsToFloat(bits);
      case F16 -> Float.float16ToFloat((short) bits);
      case I8 -> (byte) bits;
      case U4 -> bits & 15;
    };
  }

  private static float apply(PageLayout layout, MemorySegment page, long sideAt, float number) {
    PageLayout.Side side = layout.side();
    if (side == PageLayout.Side.NONE) {
      return number;
    }
    int entry = side.entry(page, sideAt);
    float scale = side.scale(entry);
    return Math.fma(number, scale, side.min(entry, scale));
  }
}
