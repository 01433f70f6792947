package io.kvasir.kv.codec;

import java.lang.foreign.MemorySegment;

/**
 * Where the parts of a page of {@link Gear} stand. A line of keys is a channel over the 64 slots, a
 * line of values a slot over the D channels; n numbers to a line, b bits, r the larger rank.
 * Layout, version 1, little-endian:
 *
 * <pre>
 *   for each member
 *     4 n/g a line       scale and min of a group   f16, f16
 *     n b / 8 a line     codes                      lowest bits first
 *     128 r              A, [k][slot] of keys, [slot][k] of values   f16
 *     2 D rank-later     B, [k][d], of a later block                 f16
 *     1                  1 where the page has a B of its own, 0 where it is the prompt's
 *     keys: extreme numbers, for each channel 2 x extremes(64)       u8 slot, f16 value
 *   values: extreme numbers, for each slot 2 x extremes(members D)   u16 member D + channel, f16 value
 * </pre>
 *
 * <p>A member's part is padded to a multiple of 64 bytes.
 *
 * @param keys whether these are keys
 * @param members heads that share a page
 * @param dim D
 */
record GearLayout(Gear gear, boolean keys, int members, int dim) {
  private static final int ROWS = PageFormat.ROWS;

  /** Lines of a member. */
  int lines() {
    return keys ? dim : ROWS;
  }

  /** Numbers of a line. */
  int width() {
    return keys ? ROWS : dim;
  }

  /** Groups of a line. */
  int groups() {
    return width() / gear.group();
  }

  /** The larger rank. */
  int ranks() {
    return Math.max(gear.rank(), gear.rankLater());
  }

  /** Lines over which extreme numbers are chosen. */
  int wholeLines() {
    return keys ? members * dim : ROWS;
  }

  /** Numbers of such a line. */
  int wholeWidth() {
    return keys ? ROWS : members * dim;
  }

  /** Extreme numbers of such a line, those of both ends. */
  int extremes() {
    return 2 * gear.extremes(wholeWidth());
  }

  /** Number of a member's lines at which a number of it stands. */
  int place(int slot, int channel) {
    return keys ? channel * ROWS + slot : slot * dim + channel;
  }

  long pageBytes() {
    return members * memberBytes() + (keys ? 0 : 4L * ROWS * extremes());
  }

  long scaleBytes() {
    return members * 4L * lines() * groups();
  }

  MemorySegment member(int m, MemorySegment page) {
    return page.asSlice(m * memberBytes(), memberBytes());
  }

  long scaleAt(int line, int g) {
    return 4L * (line * groups() + g);
  }

  /** The codes of a group. */
  long codeAt(int line, int g) {
    long group = (long) line * groups() + g;
    return 4L * lines() * groups() + group * gear.group() * gear.bits() / 8;
  }

  long coordinatesAt() {
    return codeAt(lines(), 0);
  }

  long coordinateAt(int slot, int k) {
    return coordinatesAt() + 2L * (keys ? k * ROWS + slot : slot * ranks() + k);
  }

  long axesAt() {
    return coordinatesAt() + 2L * ROWS * ranks();
  }

  long flagAt() {
    return axesAt() + 2L * dim * gear.rankLater();
  }

  /** The extreme numbers of keys, in the part of their member; of values, behind all members. */
  long extremesAt() {
    return keys ? flagAt() + 1 : members * memberBytes();
  }

  private long memberBytes() {
    long bytes = flagAt() + 1 + (keys ? 3L * dim * extremes() : 0);
    return (bytes + 63) / 64 * 64;
  }
}
