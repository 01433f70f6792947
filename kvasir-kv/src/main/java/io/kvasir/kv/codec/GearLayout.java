package io.kvasir.kv.codec;

import io.kvasir.kernel.PageGroups;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where the parts of a page of {@link Gear} stand. A line of keys is a channel over the 64 slots, a
 * line of values a slot over the D channels; r is the larger rank. Layout, version 2,
 * little-endian:
 *
 * <pre>
 *   for each member
 *     codes, scales and mins, as {@link PageGroups} has them
 *     128 r              A, [k][slot]                                f16
 *     2 D rank-later     B, [k][d], of a later block                 f16
 *     1                  1 where the page has a B of its own, 0 where it is the prompt's
 *     keys: extreme numbers, for each channel 2 x extremes(64)       u8 slot, f16 difference
 *   values
 *     2 members          extreme numbers of the members up to and with each     u16
 *     256 x extremes(members D)   these, by member and slot   u16 64 channel + slot, f16 difference
 * </pre>
 *
 * <p>The difference of an extreme number is from what stands in its place without that.
 *
 * <p>A member's part is padded to a multiple of 64 bytes.
 *
 * @param keys whether these are keys
 * @param members heads that share a page
 * @param dim D
 */
record GearLayout(Gear gear, boolean keys, int members, int dim) {
  private static final int ROWS = PageFormat.ROWS;
  private static final ValueLayout.OfShort COUNT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Lines of a member. */
  int lines() {
    return keys ? dim : ROWS;
  }

  /** Numbers of a line. */
  int width() {
    return keys ? ROWS : dim;
  }

  /** The codes of a member, which begin its part. */
  PageGroups codes() {
    return keys
        ? PageGroups.keys(gear.bits(), dim, gear.group())
        : PageGroups.values(gear.bits(), dim, gear.group());
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
    return members * memberBytes() + (keys ? 0 : 2L * members + 4L * ROWS * extremes());
  }

  long scaleBytes() {
    return members * 4L * ROWS * dim / gear.group();
  }

  MemorySegment member(int m, MemorySegment page) {
    return page.asSlice(m * memberBytes(), memberBytes());
  }

  long coordinatesAt() {
    return codes().bytes();
  }

  long coordinateAt(int slot, int k) {
    return coordinatesAt() + 2L * (k * ROWS + slot);
  }

  long axesAt() {
    return coordinatesAt() + 2L * ROWS * ranks();
  }

  long flagAt() {
    return axesAt() + 2L * dim * gear.rankLater();
  }

  /** The extreme numbers of keys, in the part of their member. */
  long keyExtremesAt() {
    return flagAt() + 1;
  }

  /** Where it stands how many extreme numbers of values the members up to and with one have. */
  long countAt(int member) {
    return members * memberBytes() + 2L * member;
  }

  /** How many extreme numbers of values the members before one have. */
  int valueExtremes(int member, MemorySegment page) {
    return member == 0 ? 0 : page.get(COUNT, countAt(member - 1)) & 0xffff;
  }

  /** The extreme numbers of values, behind all members. */
  long valueExtremesAt() {
    return countAt(members);
  }

  private long memberBytes() {
    long bytes = flagAt() + 1 + (keys ? 3L * dim * extremes() : 0);
    return (bytes + 63) / 64 * 64;
  }
}
