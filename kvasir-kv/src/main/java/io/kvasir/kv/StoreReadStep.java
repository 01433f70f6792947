package io.kvasir.kv;

import io.kvasir.kernel.Floats;
import io.kvasir.kv.read.ReadStep;
import io.kvasir.kv.read.Reader;

/**
 * One row at one KV head, as a reader sees it.
 *
 * @param block one row, whose pages are to be chosen
 * @param q queries of the batch, not scaled, [T][H*D]
 */
record StoreReadStep(Reader reader, AttentionBlock block, float[] q) implements ReadStep {

  /** Asks the reader. The last page is read whatever it says: there is the row's own pair. */
  void choose() {
    boolean[] chosen = block.chosen();
    reader.select(this, chosen);
    boolean any = false;
    for (boolean page : chosen) {
      any |= page;
    }
    if (!any) {
      throw new IllegalStateException(
          "%s: chose none of the %d pages of layer %d, KV head %d; expected at least one"
              .formatted(
                  MethodType.about(reader.getClass()).value(), chosen.length, layer(), head()));
    }
    chosen[chosen.length - 1] = true;
  }

  @Override
  public int layer() {
    return block.store().index();
  }

  @Override
  public int head() {
    return block.head();
  }

  @Override
  public int pages() {
    return block.pages();
  }

  @Override
  public int groupSize() {
    return block.store().shape().groupSize();
  }

  @Override
  public void query(int i, float[] out, int at) {
    int dim = block.store().shape().keyDim();
    System.arraycopy(q, block.queryAt(i) * dim, out, at, dim);
    Floats.scale(block.store().shape().scale(), out, at, dim);
  }

  @Override
  public Rows keys() {
    return new StoreRows(block.keys());
  }
}
