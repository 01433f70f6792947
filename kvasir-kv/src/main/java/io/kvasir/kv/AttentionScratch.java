package io.kvasir.kv;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.GroupSums;
import io.kvasir.kernel.PageSoftmax;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.ValueFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** What one thread needs to attend; grows to the largest block it has seen. */
final class AttentionScratch {
  static final int NONE = -1;

  /** The block of a batch whose queries are prepared. */
  int block = NONE;

  /** Scaled queries, [count][D]. */
  float[] plain = {};

  /** The same, prepared by the key format, [count][queryWidth]. */
  float[] prepared = {};

  /** The same, turned back by the first position of a page. */
  float[] turned = {};

  /** Scores, then weights, of one page, [count][64]. */
  float[] weights = {};

  /** One raw key or value row. */
  float[] row = {};

  /** Scores, then weights, of the pages of a group, [count][64] each. */
  final float[][] group = new float[Attention.GROUP_PAGES][0];

  /** Visible slots of each query: from (inclusive). */
  int[] from = {};

  /** Visible slots of each query: to (exclusive). */
  int[] to = {};

  /** Largest scores of a page, [count]. */
  float[] most = {};

  /** Partial sums of the weights of a page. */
  float[] sums = {};

  /** A page of keys, then one of values, as f32; native. */
  MemorySegment page = MemorySegment.NULL;

  /** Scores of a query for the slots of a bf16 unit, of which a page is a part. */
  final float[] seen = new float[Bf16Scratch.SLOTS];

  /** What they are disturbed by. */
  final float[] noise = new float[Bf16Scratch.SLOTS];

  /** Cosines and sines for the columns of a page. */
  float[] turns = {};

  final GroupSums groupSums = new GroupSums();

  private final List<Bf16Scratch> bf16 = new ArrayList<>(); // one for each shape of heads

  final AttentionPartial part = new AttentionPartial();
  final AttentionPartial total = new AttentionPartial();

  Bf16Scratch bf16(LayerShape shape) {
    for (Bf16Scratch made : bf16) {
      if (made.keyDim == shape.keyDim() && made.valueDim == shape.valueDim()) {
        return made;
      }
    }
    bf16.add(new Bf16Scratch(shape.keyDim(), shape.valueDim()));
    return bf16.getLast();
  }

  /** Makes room for a page of a head as f32. */
  void reservePage(KeyFormat keys, ValueFormat values) {
    page = atLeast(page, 4L * Math.max(keys.roomFloats(), values.roomFloats()));
    turns = atLeast(turns, PageFormat.ROWS * keys.dim());
  }

  /** Makes room for {@code count} queries to pass a whole group of pages. */
  void reserveGroup(int count) {
    for (int page = 0; page < group.length; page++) {
      group[page] = atLeast(group[page], FloatTile.padded(count) * PageFormat.ROWS);
    }
    most = atLeast(most, count);
    sums = atLeast(sums, PageSoftmax.scratch(count));
  }

  static float[] atLeast(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }

  static MemorySegment atLeast(MemorySegment memory, long bytes) {
    return memory.byteSize() < bytes ? Arena.ofAuto().allocate(bytes, 64) : memory;
  }
}
