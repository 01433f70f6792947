package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * One layer of one sequence, seen through its stores.
 *
 * @param workers who may work on its heads side by side; none inside a task of theirs
 */
record StoreView(
    KvLayer place,
    int seen,
    HeadStore[] stores,
    QueryTrace queries,
    float[][] replay,
    Optional<Workers> workers)
    implements LayerView {

  @Override
  public void heads(IntConsumer each) {
    if (workers.isPresent()) {
      workers.get().run(stores.length, (g, thread) -> each.accept(g));
    } else {
      LayerView.super.heads(each);
    }
  }

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
    return stores[g].count();
  }

  @Override
  public int position(int g, int slot) {
    return stores[g].position(slot);
  }

  @Override
  public Rows keys(int g) {
    return new StoreRows(stores[g].keys());
  }

  @Override
  public Rows values(int g) {
    return new StoreRows(stores[g].values());
  }

  @Override
  public int recentQueries() {
    return queries.recentQueries();
  }

  @Override
  public int recentQuery(int h, int i, float[] out, int at) {
    return queries.recentQuery(h, i, out, at);
  }

  @Override
  public QueryMoments queryMoments(int h, int from) {
    return queries.moments(h, from);
  }

  @Override
  public float replayed(int g, int slot) {
    if (replay.length == 0) {
      throw new KvPlanException(
          "the plan's scorer reads the prompt a second time; expected prefill mode exact");
    }
    return replay[g][slot];
  }

  @Override
  public float attentionMass(int g, int slot) {
    return stores[g].mass().at(AttentionNoise.NONE, slot);
  }

  @Override
  public float noisedMass(int g, int slot, AttentionNoise noise) {
    return stores[g].mass().at(noise, slot);
  }
}
