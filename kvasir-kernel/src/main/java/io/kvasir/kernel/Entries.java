package io.kvasir.kernel;

import java.lang.foreign.MemorySegment;

/** Lists of single numbers, each with its place in a line, that are put into lines of others. */
public final class Entries {
  private Entries() {}

  /**
   * {@code out[line * width + place] = x} for entries of three bytes: u8 place, f16 x.
   *
   * @param at byte of {@code from} at which the entries of the first line begin
   * @param each entries of a line
   */
  public static void putBytePlaces(
      MemorySegment from, long at, int lines, int each, float[] out, int width) {
    long entry = Native.address(from, at, 3L * lines * each);
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < each; i++, entry += 3) {
        out[line * width + Native.octet(entry)] = Native.half(entry + 1);
      }
    }
  }

  /**
   * {@code out[line * width + place - first] = x} for entries of four bytes, u16 place, f16 x,
   * whose place lies in {@code [first, first + width)}; otherwise as {@link #putBytePlaces}.
   */
  public static void putShortPlaces(
      MemorySegment from, long at, int lines, int each, int first, float[] out, int width) {
    long entry = Native.address(from, at, 4L * lines * each);
    for (int line = 0; line < lines; line++) {
      for (int i = 0; i < each; i++, entry += 4) {
        int word = Native.word(entry);
        int place = (word & 0xffff) - first;
        if (place >= 0 && place < width) {
          out[line * width + place] = Float.float16ToFloat((short) (word >> 16));
        }
      }
    }
  }
}
