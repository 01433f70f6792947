package io.kvasir.kv;

import io.kvasir.kernel.Floats;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.PageFormat;
import io.kvasir.kv.codec.RawPage;

/** Stored rows as scorers see them: decoded on reading, keys compared on their codes. */
final class StoreRows implements Rows {
  private final Side<?> side;
  private final RawPage one;

  StoreRows(Side<?> side) {
    this.side = side;
    this.one = RawPage.of(1, side.format().dim());
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
    side.read(slot, one);
    System.arraycopy(one.values(), 0, out, at, one.dim());
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
      side.read(slot, one);
      out[slot] = Floats.dot(q, qAt, one.values(), 0, one.dim());
    }
  }
}
