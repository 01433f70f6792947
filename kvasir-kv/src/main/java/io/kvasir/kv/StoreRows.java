package io.kvasir.kv;

import io.kvasir.kernel.Floats;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;

/**
 * Stored rows as scorers see them: decoded a page at a time, for they are mostly read in order, and
 * keys compared on their codes.
 */
final class StoreRows implements Rows {
  private static final int NONE = -1;

  private final Side<?> side;
  private RawPage decoded;
  private int page = NONE; // the one that is decoded

  StoreRows(Side<?> side) {
    this.side = side;
    this.decoded = RawPage.of(1, side.format().dim());
  }

  @Override
  public int count() {
    return side.count();
  }

  @Override
  public int dim() {
    return side.format().dim();
  }

  @Override
  public void read(int slot, float[] out, int at) {
    decode(slot / PageFormat.ROWS);
    int row = slot % PageFormat.ROWS;
    System.arraycopy(decoded.values(), row * decoded.dim(), out, at, decoded.dim());
  }

  private void decode(int wanted) {
    if (page == wanted) {
      return;
    }
    int first = wanted * PageFormat.ROWS;
    int rows = Math.min(PageFormat.ROWS, side.count() - first);
    if (decoded.rows() != rows) {
      decoded = RawPage.of(rows, dim());
    }
    side.read(first, decoded);
    page = wanted;
  }

  @Override
  public void dots(float[] q, int qAt, float[] out) {
    if (!(side.format() instanceof KeyFormat keys)) {
      throw new IllegalStateException("values are not compared with queries");
    }
    if (keys.onFloats()) {
      dotsOfRows(q, qAt, 0, out);
      return;
    }
    float[] prepared = new float[keys.queryWidth()];
    keys.prepareQuery(q, qAt, prepared, 0);
    float[] scores = new float[PageFormat.ROWS];
    for (int slot = 0; slot < side.coded(); slot += PageFormat.ROWS) {
      int rows = Math.min(PageFormat.ROWS, side.coded() - slot);
      keys.scores(prepared, 1, side.page(slot / PageFormat.ROWS), rows, scores);
      System.arraycopy(scores, 0, out, slot, rows);
    }
    dotsOfRows(q, qAt, side.coded(), out);
  }

  private void dotsOfRows(float[] q, int qAt, int from, float[] out) {
    for (int slot = from; slot < side.count(); slot++) {
      decode(slot / PageFormat.ROWS);
      int row = slot % PageFormat.ROWS * decoded.dim();
      out[slot] = Floats.dot(q, qAt, decoded.values(), row, decoded.dim());
    }
  }
}
