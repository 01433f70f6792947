package io.kvasir.kv.codec;

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
  private final MemorySegment coded; // codes and extreme numbers, as the page has them

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
    writeExtremes();
  }

  /** Codes and extreme numbers, as the page has them; the other parts are 0. */
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
        for (int g = 0; g < layout.groups(); g++) {
          int first = line * layout.width() + g * gear.group();
          int side = coder.code(numbers[m], first, gear.group(), codes);
          to.set(SHORT, layout.scaleAt(line, g), (short) side);
          to.set(SHORT, layout.scaleAt(line, g) + 2, (short) (side >>> 16));
          pack(codes, to, layout.codeAt(line, g));
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

  private void pack(int[] codes, MemorySegment to, long at) {
    int perByte = 8 / gear.bits();
    for (int i = 0; i < codes.length; i += perByte) {
      int bits = 0;
      for (int j = 0; j < perByte; j++) {
        bits |= codes[i + j] << j * gear.bits();
      }
      to.set(ValueLayout.JAVA_BYTE, at + i / perByte, (byte) bits);
    }
  }

  /** Extreme numbers come back as they were, and leave no error. */
  private void writeExtremes() {
    int dim = layout.dim();
    for (int l = 0; l < places.length; l++) {
      for (int j = 0; j < places[l].length; j++) {
        int place = places[l][j];
        if (layout.keys()) {
          MemorySegment to = layout.member(l / dim, coded);
          long at = layout.extremesAt() + 3L * (l % dim * places[l].length + j);
          to.set(ValueLayout.JAVA_BYTE, at, (byte) place);
          Half.set(to, at + 1, extremes[l][j]);
          errors[l / dim][place * dim + l % dim] = 0;
        } else {
          long at = layout.extremesAt() + 4L * (l * places[l].length + j);
          coded.set(SHORT, at, (short) place);
          Half.set(coded, at + 2, extremes[l][j]);
          errors[place / dim][l * dim + place % dim] = 0;
        }
      }
    }
  }
}
