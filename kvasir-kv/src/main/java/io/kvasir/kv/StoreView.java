package io.kvasir.kv;

import org.jspecify.annotations.Nullable;

/** One layer of one sequence, seen through its stores. */
record StoreView(KvLayer place, int seen, HeadStore[] heads, @Nullable RecentQueries queries)
    implements LayerView {

  @Override
  public int layer() {
    return place.index();
  }

  @Override
  public LayerShape shape() {
    return place.shape();
  }

  @Override
  public KvModel model() {
    return place.model();
  }

  @Override
  public int stored(int g) {
    return heads[g].count();
  }

  @Override
  public int position(int g, int slot) {
    return heads[g].position(slot);
  }

  @Override
  public Rows keys(int g) {
    return new StoreRows(heads[g].keys());
  }

  @Override
  public Rows values(int g) {
    return new StoreRows(heads[g].values());
  }

  @Override
  public int recentQueries() {
    return queries == null ? 0 : queries.count();
  }

  @Override
  public int recentQuery(int h, int i, float[] out, int at) {
    if (queries == null) {
      throw new IllegalStateException("the method did not declare recent queries");
    }
    return queries.read(i, h * shape().keyDim(), shape().keyDim(), out, at);
  }

  @Override
  public float attentionMass(int g, int slot) {
    return heads[g].mass(slot);
  }
}
