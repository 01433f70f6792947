package io.kvasir.kv;

import io.kvasir.kernel.Rotary;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;
import io.kvasir.kv.codec.Shortening;
import io.kvasir.kv.codec.ValueFormat;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored pairs of one (layer, KV head) of one sequence: keys, values, and per slot the original
 * position, a logit bias and, where a method declared it, the attention mass. Positions cost
 * nothing while they are consecutive. Heads of a layer may hold different numbers of pairs.
 */
final class HeadStore {
  private static final int[] CONSECUTIVE = {};
  private static final float[] NONE = {};

  private final Side<KeyFormat> keys;
  private final Side<ValueFormat> values;
  private final @Nullable Rotary rotary; // of keys that are stored unrotated
  private final @Nullable Shortener shortener;
  private int count;
  private int first; // position of slot 0 while positions are consecutive
  private int droppedPages;
  private int[] positions = CONSECUTIVE;
  private float[] biases = NONE;
  private MassColumns mass;

  HeadStore(KeyFormat keys, ValueFormat values, PagePool pool, MassColumns mass) {
    this(new Side<>(keys, pool), new Side<>(values, pool), null, null, mass);
  }

  /** The store of a head of a layer, its sides being made. */
  HeadStore(
      KvLayer layer,
      Side<KeyFormat> keys,
      Side<ValueFormat> values,
      Optional<Shortening> shortening,
      MassColumns mass) {
    this(
        keys,
        values,
        keys.format().unrotated() ? layer.rotary() : null,
        shortening.map(how -> new Shortener(how, layer.rotary())).orElse(null),
        mass);
  }

  private HeadStore(
      Side<KeyFormat> keys,
      Side<ValueFormat> values,
      @Nullable Rotary rotary,
      @Nullable Shortener shortener,
      MassColumns mass) {
    this.keys = keys;
    this.values = values;
    this.rotary = rotary;
    this.shortener = shortener;
    this.mass = mass;
    if (rotary != null) {
      keys.rotateWith(new KeyRotation(rotary, this));
    }
  }

  int count() {
    return count;
  }

  int pages() {
    return (count + PageFormat.ROWS - 1) / PageFormat.ROWS;
  }

  Side<KeyFormat> keys() {
    return keys;
  }

  Side<ValueFormat> values() {
    return values;
  }

  int position(int slot) {
    return positions == CONSECUTIVE ? first + slot : positions[slot];
  }

  float bias(int slot) {
    return biases == NONE ? 0 : biases[slot];
  }

  boolean hasBiases() {
    return biases != NONE;
  }

  /** The attention that the slots have received. */
  MassColumns mass() {
    return mass;
  }

  /** Pages that have left the front, so that page numbers of the sequence can be told. */
  int droppedPages() {
    return droppedPages;
  }

  /** Says of an empty store that it will begin at {@code position}, the first of a page. */
  void beginAt(int position) {
    droppedPages = position / PageFormat.ROWS;
  }

  /**
   * Frees the pages whose pairs all lie before {@code position}: a sliding-window layer never reads
   * them again.
   */
  void dropBefore(int position) {
    int whole = Math.min(slotsBefore(position), Math.min(keys.coded(), values.coded()));
    int drop = whole / PageFormat.ROWS;
    if (drop > 0 && positions == CONSECUTIVE && biases == NONE && mass.isEmpty()) {
      keys.dropPages(drop);
      values.dropPages(drop);
      first += drop * PageFormat.ROWS;
      count -= drop * PageFormat.ROWS;
      droppedPages += drop;
    }
  }

  /** How many slots from {@code slot} on, below {@code end}, have consecutive positions. */
  int run(int slot, int end) {
    if (positions == CONSECUTIVE) {
      return end - slot;
    }
    int run = 1;
    while (slot + run < end && positions[slot + run] == positions[slot] + run) {
      run++;
    }
    return run;
  }

  /** Slots whose position is below {@code position}: the first that many. */
  int slotsBefore(int position) {
    if (positions == CONSECUTIVE) {
      return Math.clamp((long) position - first, 0, count);
    }
    if (count == 0 || positions[count - 1] < position) { // the newest row asks
      return count;
    }
    int at = Arrays.binarySearch(positions, 0, count, position);
    return at < 0 ? -at - 1 : at;
  }

  void append(float[] key, int keyAt, float[] value, int valueAt, int position) {
    keys.append(key, keyAt);
    values.append(value, valueAt);
    place(position, 0, MassColumns.NO_KIND, 0);
  }

  /** Gives the rows appended to both sides last their positions, from {@code position} on. */
  void placeAll(int position, int rows) {
    for (int r = 0; r < rows; r++) {
      place(position + r, 0, MassColumns.NO_KIND, 0);
    }
  }

  /** Makes room for pairs that will be appended: {@link Side#expect}. */
  void expect(int pairs) {
    keys.expect(pairs);
    values.expect(pairs);
  }

  /** Appends a page of pairs of another store at slots {@code slots[from .. to)}. */
  void appendFrom(HeadStore source, int[] slots, int from, int to) {
    int rows = to - from;
    RawPage k = RawPage.of(rows, keys.format().dim());
    RawPage v = RawPage.of(rows, values.format().dim());
    RawPage oneKey = RawPage.of(1, k.dim());
    RawPage oneValue = RawPage.of(1, v.dim());
    boolean run =
        slots[to - 1] - slots[from] == rows - 1
            && slots[from] / PageFormat.ROWS == slots[to - 1] / PageFormat.ROWS;
    if (run) {
      source.keys.read(slots[from], k);
      source.values.read(slots[from], v);
    } else {
      for (int i = 0; i < rows; i++) {
        source.keys.read(slots[from + i], oneKey);
        System.arraycopy(oneKey.values(), 0, k.values(), i * k.dim(), k.dim());
        source.values.read(slots[from + i], oneValue);
        System.arraycopy(oneValue.values(), 0, v.values(), i * v.dim(), v.dim());
      }
    }
    keys.appendAll(k);
    values.appendAll(v);
    for (int i = from; i < to; i++) {
      place(source.position(slots[i]), source.bias(slots[i]), source.mass, slots[i]);
    }
  }

  /** Whether there is never anything to {@link #seal}: no row waits, and the head is never full. */
  boolean atOnce() {
    return keys.atOnce() && values.atOnce() && shortener == null;
  }

  void seal() {
    keys.seal();
    values.seal();
    shorten();
  }

  /** Makes the pairs fewer where they fill the head; the others follow them without a gap. */
  private void shorten() {
    if (shortener != null && count == shortener.capacity()) {
      first += shortener.shorten(keys, values, first);
      count = keys.count();
    }
  }

  /** Rows that may be appended before the head is full, and must be sealed. */
  int room() {
    return shortener == null ? Integer.MAX_VALUE : shortener.capacity() - count;
  }

  /** Slots at the front whose rows are no token's any more, or stand elsewhere. */
  int made() {
    return shortener == null ? 0 : shortener.made();
  }

  /** Encodes what is due of a prompt that is still arriving. */
  void sealArriving() {
    if (!keys.format().sealsPromptAtOnce()) {
      keys.seal();
    }
    if (!values.format().sealsPromptAtOnce()) {
      values.seal();
    }
    shorten();
  }

  /** Keeps only the pairs at {@code kept}, ascending slots. */
  void retain(int[] kept) {
    if (kept.length == count) {
      return;
    }
    keys.retain(kept);
    values.retain(kept);
    boolean run = kept[kept.length - 1] - kept[0] == kept.length - 1;
    if (positions == CONSECUTIVE && run) {
      first += kept[0];
    } else {
      int[] left = new int[columnLength(kept.length)];
      for (int i = 0; i < kept.length; i++) {
        left[i] = position(kept[i]);
      }
      positions = left;
    }
    biases = pick(biases, kept);
    mass.retain(kept);
    count = kept.length;
    seal();
  }

  void rewrite(int slot, float[] key, float[] value, float bias) {
    keys.rewrite(slot, key);
    values.rewrite(slot, value);
    if (bias != 0 && biases == NONE) {
      biases = new float[columnLength(count)];
    }
    if (biases != NONE) {
      biases[slot] = bias;
    }
  }

  /** Bytes held: pages, raw rows, and the columns beside them. */
  KvBytes bytes() {
    long columns = 4L * (positions.length + biases.length) + mass.bytes();
    if (shortener != null) {
      columns += shortener.bytes();
    }
    return keys.bytes().plus(values.bytes()).plus(new KvBytes(0, 0, 0, columns));
  }

  HeadStore fork(ForkCopies copies) {
    Shortener shortening = shortener == null ? null : shortener.fork();
    HeadStore copy =
        new HeadStore(keys.fork(copies), values.fork(copies), rotary, shortening, mass.fork());
    copy.count = count;
    copy.first = first;
    copy.droppedPages = droppedPages;
    copy.positions = positions == CONSECUTIVE ? CONSECUTIVE : positions.clone();
    copy.biases = biases == NONE ? NONE : biases.clone();
    return copy;
  }

  void forgetMass() {
    mass = MassColumns.NO_KIND;
  }

  void release() {
    keys.release();
    values.release();
    if (shortener != null) {
      shortener.reset();
    }
    count = 0;
    droppedPages = 0;
    positions = CONSECUTIVE;
    biases = NONE;
    mass = mass.empty();
  }

  private void place(int position, float bias, MassColumns received, int from) {
    if (count == 0 && positions == CONSECUTIVE) {
      first = position;
    }
    if (positions == CONSECUTIVE && position != first + count) {
      positions = new int[columnLength(count + 1)];
      for (int i = 0; i < count; i++) {
        positions[i] = first + i;
      }
    }
    if (positions != CONSECUTIVE) {
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, columnLength(count + 1));
      }
      positions[count] = position;
    }
    if (bias != 0 && biases == NONE) {
      biases = new float[columnLength(count + 1)];
    }
    if (biases != NONE) {
      if (count == biases.length) {
        biases = Arrays.copyOf(biases, columnLength(count + 1));
      }
      biases[count] = bias;
    }
    mass.place(count, received, from);
    count++;
  }

  /** Columns grow a page at a time. */
  static int columnLength(int rows) {
    return (rows + PageFormat.ROWS - 1) / PageFormat.ROWS * PageFormat.ROWS;
  }

  private static float[] pick(float[] column, int[] kept) {
    if (column == NONE) {
      return NONE;
    }
    float[] left = new float[columnLength(kept.length)];
    for (int i = 0; i < kept.length; i++) {
      left[i] = column[kept[i]];
    }
    return left;
  }
}
