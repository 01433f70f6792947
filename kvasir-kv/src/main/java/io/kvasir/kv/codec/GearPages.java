package io.kvasir.kv.codec;

import io.kvasir.kernel.Half;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Pages of {@link Gear}. A line of keys is a channel over the 64 slots, a line of values a slot
 * over the D channels; n numbers to a line, b bits, r the larger rank. Layout, version 1,
 * little-endian:
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
 */
final class GearPages implements JointFormat {
  private static final int ROWS = PageFormat.ROWS;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The lines of a page of the calling thread. */
  private static final ThreadLocal<float[]> LINES = ThreadLocal.withInitial(() -> new float[0]);

  private final Gear gear;
  private final boolean keys;
  private final int members;
  private final int dim;
  private final int lines;
  private final int width; // numbers of a line
  private final int ranks; // the larger of both
  private float[][] prompt = {}; // B of each member, [rank][D]; empty until the prompt is there
  private int promptRows; // of the prompt, still to be encoded

  GearPages(Gear gear, boolean keys, int members, int dim) {
    gear.check(dim);
    this.gear = gear;
    this.keys = keys;
    this.members = members;
    this.dim = dim;
    this.lines = keys ? dim : ROWS;
    this.width = keys ? ROWS : dim;
    this.ranks = Math.max(gear.rank(), gear.rankLater());
  }

  @Override
  public int members() {
    return members;
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public boolean unrotated() {
    return false;
  }

  @Override
  public long pageBytes() {
    return members * memberBytes() + (keys ? 0 : 4L * ROWS * 2 * gear.extremes(members * dim));
  }

  @Override
  public long scaleBytes() {
    return members * 4L * lines * groups();
  }

  @Override
  public int group() {
    return ROWS;
  }

  @Override
  public int sealable(int rawRows) {
    return rawRows - rawRows % gear.buffer();
  }

  @Override
  public boolean sealsPromptAtOnce() {
    return true;
  }

  @Override
  public long sideBytes(int rows) {
    return rows == 0 && prompt.length == 0 ? 0 : 4L * members * gear.rank() * dim;
  }

  /** Finds the B of the prompt, from the errors of all its rows. */
  @Override
  public void fit(RowSource rows) {
    if (prompt.length > 0) {
      return;
    }
    float[][] errors = new float[members][rows.rows() * dim];
    for (int at = 0; at < rows.rows(); at += ROWS) {
      RawPage[] page = new RawPage[members];
      for (int m = 0; m < members; m++) {
        page[m] = RawPage.of(ROWS, dim);
        for (int r = 0; r < ROWS; r++) {
          rows.read(m, at + r, page[m].values(), r * dim);
        }
      }
      float[][] of = new Parts(page).errors();
      for (int m = 0; m < members; m++) {
        System.arraycopy(of[m], 0, errors[m], at * dim, ROWS * dim);
      }
    }
    float[][] found = new float[members][];
    for (int m = 0; m < members; m++) {
      found[m] = gear.axes(errors[m], rows.rows(), dim, gear.rank());
    }
    prompt = found;
    promptRows = rows.rows();
  }

  @Override
  public void encode(RawPage[] rows, MemorySegment page, int slot) {
    for (RawPage each : rows) {
      each.checkPlace("gear", dim, slot);
      each.checkMagnitude("gear", 65504);
    }
    if (rows[0].rows() != ROWS) {
      throw new IllegalArgumentException(
          "gear: %d rows at slot %d are not a block of %d".formatted(rows[0].rows(), slot, ROWS));
    }
    Parts parts = new Parts(rows);
    page.copyFrom(parts.coded);
    float[][] errors = parts.errors();
    boolean later = promptRows <= 0;
    for (int m = 0; m < members; m++) {
      MemorySegment to = member(m, page);
      int rank = later ? gear.rankLater() : gear.rank();
      float[] axes = later ? gear.axes(errors[m], ROWS, dim, rank) : prompt[m];
      to.set(ValueLayout.JAVA_BYTE, flagAt(), (byte) (later ? 1 : 0));
      if (later) {
        Half.narrow(axes, 0, to, axesAt(), rank * dim);
        Half.widen(to, axesAt(), axes, 0, rank * dim); // what will be read
      }
      for (int r = 0; r < ROWS; r++) {
        for (int k = 0; k < rank; k++) {
          float a = 0;
          for (int d = 0; d < dim; d++) {
            a = Math.fma(errors[m][r * dim + d], axes[k * dim + d], a);
          }
          Half.set(to, coordinateAt(r, k), a);
        }
      }
    }
    promptRows -= ROWS;
  }

  @Override
  public void decode(int member, MemorySegment page, int slot, RawPage out) {
    out.checkPlace("gear", dim, slot);
    float[] all = lines(member, page);
    for (int r = 0; r < out.rows(); r++) {
      for (int d = 0; d < dim; d++) {
        out.values()[r * dim + d] = all[place(slot + r, d)];
      }
    }
  }

  @Override
  public void floats(int member, MemorySegment page, MemorySegment room) {
    MemorySegment.copy(lines(member, page), 0, room, ValueLayout.JAVA_FLOAT, 0, ROWS * dim);
  }

  /** The decoded lines of a member, in an array of the calling thread. */
  private float[] lines(int member, MemorySegment page) {
    float[] all = LINES.get();
    if (all.length < ROWS * dim) {
      all = new float[ROWS * dim];
      LINES.set(all);
    }
    MemorySegment from = member(member, page);
    codes(from, all);
    addError(member, from, all);
    putExtremes(member, page, all);
    return all;
  }

  private void codes(MemorySegment from, float[] all) {
    int perByte = 8 / gear.bits();
    int mask = (1 << gear.bits()) - 1;
    for (int line = 0; line < lines; line++) {
      for (int g = 0; g < groups(); g++) {
        float scale = Half.get(from, scaleAt(line, g));
        float min = Half.get(from, scaleAt(line, g) + 2);
        long at = codeAt(line, g * gear.group());
        int out = line * width + g * gear.group();
        for (int i = 0; i < gear.group(); i += perByte) {
          int codes = from.get(ValueLayout.JAVA_BYTE, at + i / perByte);
          for (int j = 0; j < perByte; j++) {
            all[out + i + j] = Math.fma(scale, (codes >> j * gear.bits()) & mask, min);
          }
        }
      }
    }
  }

  private void addError(int member, MemorySegment from, float[] all) {
    boolean later = from.get(ValueLayout.JAVA_BYTE, flagAt()) == 1;
    int rank = later ? gear.rankLater() : gear.rank();
    float[] axes = later ? new float[rank * dim] : prompt[member];
    if (later) {
      Half.widen(from, axesAt(), axes, 0, axes.length);
    }
    float[] a = new float[ROWS];
    for (int k = 0; k < rank; k++) {
      for (int r = 0; r < ROWS; r++) {
        a[r] = Half.get(from, coordinateAt(r, k));
      }
      for (int line = 0; line < lines; line++) {
        float one = keys ? axes[k * dim + line] : a[line];
        for (int i = 0; i < width; i++) {
          float other = keys ? a[i] : axes[k * dim + i];
          all[line * width + i] = Math.fma(one, other, all[line * width + i]);
        }
      }
    }
  }

  private void putExtremes(int member, MemorySegment page, float[] all) {
    if (keys) {
      MemorySegment from = member(member, page);
      int count = 2 * gear.extremes(ROWS);
      for (int i = 0; i < dim * count; i++) {
        int slot = from.get(ValueLayout.JAVA_BYTE, extremesAt() + 3L * i);
        all[i / count * width + slot] = Half.get(from, extremesAt() + 3L * i + 1);
      }
      return;
    }
    int count = 2 * gear.extremes(members * dim);
    for (int i = 0; i < ROWS * count; i++) {
      long at = members * memberBytes() + 4L * i;
      int channel = Short.toUnsignedInt(page.get(SHORT, at)) - member * dim;
      if (channel >= 0 && channel < dim) {
        all[i / count * width + channel] = Half.get(page, at + 2);
      }
    }
  }

  private int place(int slot, int channel) {
    return keys ? channel * ROWS + slot : slot * dim + channel;
  }

  private int groups() {
    return width / gear.group();
  }

  private MemorySegment member(int m, MemorySegment page) {
    return page.asSlice(m * memberBytes(), memberBytes());
  }

  private long scaleAt(int line, int g) {
    return 4L * (line * groups() + g);
  }

  private long codeAt(int line, int i) {
    return 4L * lines * groups() + (long) (line * width + i) * gear.bits() / 8;
  }

  private long coordinateAt(int slot, int k) {
    return codeAt(lines, 0) + 2L * (keys ? k * ROWS + slot : slot * ranks + k);
  }

  private long axesAt() {
    return codeAt(lines, 0) + 2L * ROWS * ranks;
  }

  private long flagAt() {
    return axesAt() + 2L * dim * gear.rankLater();
  }

  private long extremesAt() {
    return flagAt() + 1;
  }

  private long memberBytes() {
    long bytes = extremesAt() + (keys ? 3L * dim * 2 * gear.extremes(ROWS) : 0);
    return (bytes + 63) / 64 * 64;
  }

  /** A page taken apart: codes of what is not extreme, the extreme numbers, and what is left. */
  private final class Parts {
    private final float[][] numbers; // of each member by lines, extreme ones replaced by the mean
    private final int[][] places; // of a line, where its extreme numbers stand
    private final float[][] extremes;
    private final float[][] errors; // by rows, [64][D] of each member
    private final MemorySegment coded; // codes and extreme numbers, as the page has them

    Parts(RawPage[] rows) {
      int whole = keys ? members * dim : ROWS; // lines over which extreme numbers are chosen
      int length = keys ? ROWS : members * dim;
      numbers = new float[members][ROWS * dim];
      places = new int[whole][];
      extremes = new float[whole][];
      errors = new float[members][ROWS * dim];
      float[] line = new float[length];
      for (int l = 0; l < whole; l++) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          line[i] = keys ? rows[l / dim].at(i, l % dim) : rows[i / dim].at(l, i % dim);
          sum += line[i];
        }
        places[l] = Extremes.places(line, length, gear.extremes(length));
        extremes[l] = new float[places[l].length];
        for (int j = 0; j < places[l].length; j++) {
          extremes[l][j] = line[places[l][j]];
          line[places[l][j]] = (float) (sum / length);
        }
        for (int i = 0; i < length; i++) {
          int member = keys ? l / dim : i / dim;
          int at = keys ? l % dim * width + i : l * width + i % dim;
          numbers[member][at] = line[i];
        }
      }
      coded = MemorySegment.ofArray(new byte[(int) pageBytes()]);
      write();
      for (int m = 0; m < members; m++) {
        float[] read = new float[ROWS * dim];
        codes(member(m, coded), read);
        for (int r = 0; r < ROWS; r++) {
          for (int d = 0; d < dim; d++) {
            errors[m][r * dim + d] = numbers[m][place(r, d)] - read[place(r, d)];
          }
        }
      }
      for (int l = 0; l < whole; l++) {
        for (int i : places[l]) {
          int member = keys ? l / dim : i / dim;
          errors[member][keys ? i * dim + l % dim : l * dim + i % dim] = 0;
        }
      }
    }

    float[][] errors() {
      return errors;
    }

    private void write() {
      Kivi coder = new Kivi(gear.bits(), gear.group(), 64);
      int[] codes = new int[gear.group()];
      for (int m = 0; m < members; m++) {
        MemorySegment to = member(m, coded);
        for (int line = 0; line < lines; line++) {
          for (int g = 0; g < groups(); g++) {
            int first = line * width + g * gear.group();
            int side = coder.code(numbers[m], first, gear.group(), codes);
            to.set(SHORT, scaleAt(line, g), (short) side);
            to.set(SHORT, scaleAt(line, g) + 2, (short) (side >>> 16));
            pack(codes, to, codeAt(line, g * gear.group()));
          }
        }
      }
      writeExtremes();
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

    private void writeExtremes() {
      for (int l = 0; l < places.length; l++) {
        for (int j = 0; j < places[l].length; j++) {
          if (keys) {
            MemorySegment to = member(l / dim, coded);
            long at = extremesAt() + 3L * (l % dim * places[l].length + j);
            to.set(ValueLayout.JAVA_BYTE, at, (byte) places[l][j]);
            Half.set(to, at + 1, extremes[l][j]);
          } else {
            long at = members * memberBytes() + 4L * (l * places[l].length + j);
            coded.set(SHORT, at, (short) places[l][j]);
            Half.set(coded, at + 2, extremes[l][j]);
          }
        }
      }
    }
  }
}
