package io.kvasir.kv.codec;

import io.kvasir.kernel.Entries;
import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * 64 rows of all members of a {@link GearLayout} taken apart: codes of what is not extreme, the
 * extreme numbers, and what is left.
 */
final class GearParts {
  private static final int ROWS = PageFormat.ROWS;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final GearLayout layout;
  private final Gear gear;
  private final float[][] numbers; // of each member by lines, extreme ones replaced by the mean
  private final int[][] places; // of a line, where its extreme numbers stand
  private final float[][] extremes;
  private final float[][] errors; // by rows, [64][D] of each member
  private final MemorySegment coded; // codes, as the page has them

  GearParts(GearLayout layout, RawPage[] rows) {
    this.layout = layout;
    this.gear = layout.gear();
    int members = layout.members();
    int dim = layout.dim();
    numbers = new float[members][ROWS * dim];
    errors = new float[members][ROWS * dim];
    places = new int[layout.wholeLines()][];
    extremes = new float[places.length][];
    coded = MemorySegment.ofArray(new byte[(int) layout.pageBytes()]);
    takeExtremes(rows);
    code();
    forgiveExtremes();
  }

  /** Codes as the page has them; the other parts are 0. */
  MemorySegment coded() {
    return coded;
  }

  /** What codes and extreme numbers leave, by rows, [64][D] of each member. */
  float[][] errors() {
    return errors;
  }

  private void takeExtremes(RawPage[] rows) {
    int dim = layout.dim();
    boolean keys = layout.keys();
    float[] line = new float[layout.wholeWidth()];
    for (int l = 0; l < places.length; l++) {
      double sum = 0;
      for (int i = 0; i < line.length; i++) {
        line[i] = keys ? rows[l / dim].at(i, l % dim) : rows[i / dim].at(l, i % dim);
        sum += line[i];
      }
      places[l] = Extremes.places(line, line.length, gear.extremes(line.length));
      extremes[l] = new float[places[l].length];
      for (int j = 0; j < places[l].length; j++) {
        extremes[l][j] = line[places[l][j]];
        line[places[l][j]] = (float) (sum / line.length);
      }
      for (int i = 0; i < line.length; i++) {
        int member = keys ? l / dim : i / dim;
        numbers[member][keys ? layout.place(i, l % dim) : layout.place(l, i % dim)] = line[i];
      }
    }
  }

  private void code() {
    Kivi coder = new Kivi(gear.bits(), gear.group(), 64);
    int[] codes = new int[gear.group()];
    float[] left = new float[ROWS * layout.dim()]; // by lines
    for (int m = 0; m < layout.members(); m++) {
      MemorySegment to = layout.member(m, coded);
      for (int line = 0; line < layout.lines(); line++) {
        for (int g = 0; g < layout.width() / gear.group(); g++) {
          int first = line * layout.width() + g * gear.group();
          int side = coder.code(numbers[m], first, gear.group(), codes);
          layout.codes().write(to, g * gear.group(), line, side, codes);
          float scale = Float.float16ToFloat((short) side);
          float min = Float.float16ToFloat((short) (side >>> 16));
          for (int i = 0; i < codes.length; i++) {
            left[first + i] = numbers[m][first + i] - Math.fma(scale, codes[i], min);
          }
        }
      }
      for (int r = 0; r < ROWS; r++) {
        for (int d = 0; d < layout.dim(); d++) {
          errors[m][r * layout.dim() + d] = left[layout.place(r, d)];
        }
      }
    }
  }

  /** Extreme numbers will leave no error. */
  private void forgiveExtremes() {
    int dim = layout.dim();
    for (int l = 0; l < places.length; l++) {
      for (int place : places[l]) {
        if (layout.keys()) {
          errors[l / dim][place * dim + l % dim] = 0;
        } else {
          errors[place / dim][l * dim + place % dim] = 0;
        }
      }
    }
  }

  /**
   * Writes by how much the extreme numbers of a member differ from what stands in their places.
   * Those of values come member by member.
   *
   * @param without lines of the member as they are read without that
   */
  void writeExtremes(int member, float[] without, MemorySegment page) {
    if (layout.keys()) {
      writeOfKeys(member, without, layout.member(member, page));
    } else {
      writeOfValues(member, without, page);
    }
  }

  private void writeOfKeys(int member, float[] without, MemorySegment to) {
    long at = layout.keyExtremesAt();
    for (int d = 0; d < layout.dim(); d++) {
      int line = member * layout.dim() + d;
      for (int j = 0; j < places[line].length; j++, at += 3) {
        int slot = places[line][j];
        to.set(ValueLayout.JAVA_BYTE, at, (byte) slot);
        Half.set(to, at + 1, difference(extremes[line][j], without[layout.place(slot, d)]));
      }
    }
  }

  private void writeOfValues(int member, float[] without, MemorySegment page) {
    int dim = layout.dim();
    int count = layout.valueExtremes(member, page);
    for (int slot = 0; slot < ROWS; slot++) {
      for (int j = 0; j < places[slot].length; j++) {
        int d = places[slot][j] - member * dim;
        if (d >= 0 && d < dim) {
          long at = layout.valueExtremesAt() + 4L * count++;
          page.set(SHORT, at, Entries.place(slot, d));
          Half.set(page, at + 2, difference(extremes[slot][j], without[layout.place(slot, d)]));
        }
      }
    }
    page.set(SHORT, layout.countAt(member), (short) count);
  }

  /** As far as f16 reaches; only numbers of half that size, with both signs, differ by more. */
  private static float difference(float x, float from) {
    return Math.clamp(x - from, -Gear.LIMIT, Gear.LIMIT);
  }
}
