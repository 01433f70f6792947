package io.kvasir.kv;

import java.util.Arrays;
import java.util.List;

/**
 * The attention that each slot of one head has received, summed over the queries so far and
 * averaged over the group: a column for each kind of it that a method declared.
 */
final class MassColumns {
  /** Of a store whose methods look at no attention. */
  static final MassColumns NO_KIND = new MassColumns(List.of());

  private final List<AttentionNoise> kinds;
  private final float[][] columns; // [kind][slots]

  MassColumns(List<AttentionNoise> kinds) {
    this.kinds = kinds;
    this.columns = new float[kinds.size()][0];
  }

  float at(AttentionNoise kind, int slot) {
    int k = kinds.indexOf(kind);
    return k >= 0 && slot < columns[k].length ? columns[k][slot] : 0;
  }

  /** One declared kind, at least as long as there are slots; to be added to. */
  float[] column(AttentionNoise kind) {
    return columns[kinds.indexOf(kind)];
  }

  /** A pair comes to slot {@code slot}, the next one, with what it received as {@code from}. */
  void place(int slot, MassColumns source, int from) {
    for (int k = 0; k < columns.length; k++) {
      if (slot == columns[k].length) {
        columns[k] = Arrays.copyOf(columns[k], HeadStore.columnLength(slot + 1));
      }
      columns[k][slot] = source.at(kinds.get(k), from);
    }
  }

  /** Keeps only the slots at {@code kept}. */
  void retain(int[] kept) {
    for (int k = 0; k < columns.length; k++) {
      float[] left = new float[HeadStore.columnLength(kept.length)];
      for (int i = 0; i < kept.length; i++) {
        left[i] = columns[k][kept[i]];
      }
      columns[k] = left;
    }
  }

  MassColumns fork() {
    MassColumns copy = new MassColumns(kinds);
    for (int k = 0; k < columns.length; k++) {
      copy.columns[k] = columns[k].clone();
    }
    return copy;
  }

  /** Columns of the same kinds, with nothing in them. */
  MassColumns empty() {
    return new MassColumns(kinds);
  }

  boolean isEmpty() {
    return kinds.isEmpty();
  }

  long bytes() {
    long bytes = 0;
    for (float[] column : columns) {
      bytes += 4L * column.length;
    }
    return bytes;
  }
}
