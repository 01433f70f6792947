package io.kvasir.kv;

/** The newest w queries of one layer, for scorers that let them vote: a ring of [H*D] rows. */
final class RecentQueries {
  private final float[] ring;
  private final int[] positions;
  private final int width;
  private final int window;
  private int added;

  RecentQueries(int window, int width) {
    this.window = window;
    this.width = width;
    this.ring = new float[window * width];
    this.positions = new int[window];
  }

  void add(float[] queries, int at, int position) {
    int slot = added % window;
    System.arraycopy(queries, at, ring, slot * width, width);
    positions[slot] = position;
    added++;
  }

  int count() {
    return Math.min(added, window);
  }

  /** Copies D floats from {@code offset} of query {@code i}, 0 the oldest; returns its position. */
  int read(int i, int offset, int dim, float[] out, int at) {
    int slot = (added - count() + i) % window;
    System.arraycopy(ring, slot * width + offset, out, at, dim);
    return positions[slot];
  }

  /** The newest {@code most} of them. */
  RecentQueries newest(int most) {
    RecentQueries copy = new RecentQueries(most, width);
    float[] row = new float[width];
    for (int i = Math.max(0, count() - most); i < count(); i++) {
      copy.add(row, 0, read(i, 0, width, row, 0));
    }
    return copy;
  }

  RecentQueries fork() {
    RecentQueries copy = new RecentQueries(window, width);
    System.arraycopy(ring, 0, copy.ring, 0, ring.length);
    System.arraycopy(positions, 0, copy.positions, 0, window);
    copy.added = added;
    return copy;
  }

  long bytes() {
    return 4L * (ring.length + positions.length);
  }

  /** What {@link #bytes} of a layer will be. */
  static long bytesFor(int window, LayerShape shape) {
    return 4L * window * (shape.queryHeads() * shape.keyDim() + 1);
  }
}
