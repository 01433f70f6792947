package io.kvasir.kv;

import io.kvasir.kernel.Workers;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.MemberKeys;
import io.kvasir.kv.codec.MemberValues;
import io.kvasir.kv.codec.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The stores of a cache: one for each layer, and what ties heads together. */
record CacheStores(LayerStore[] layers, List<JointSides> joints) {

  /** Empty stores for a plan. */
  static CacheStores create(KvPlan plan, KvModel model, PagePool pool) {
    CacheLayers forms = new CacheLayers(plan, model);
    Tied keys = Tied.of(forms.together(PagePool.Content.KEYS), pool);
    Tied values = Tied.of(forms.together(PagePool.Content.VALUES), pool);
    LayerStore[] layers = new LayerStore[model.shape().layers().size()];
    for (int l = 0; l < layers.length; l++) {
      KvLayer layer = model.layer(l);
      boolean cut = plan.drops() && layer.shape().compressible();
      Signals signals = cut ? plan.signals() : Signals.of();
      HeadStore[] heads = new HeadStore[layer.shape().kvHeads()];
      for (int g = 0; g < heads.length; g++) {
        KvHead head = new KvHead(layer, g);
        heads[g] =
            new HeadStore(
                layer,
                keys.holds(l) ? keys.keys(head, pool) : new Side<>(forms.keys(head), pool),
                values.holds(l) ? values.values(head, pool) : new Side<>(forms.values(head), pool),
                forms.shortening(l),
                new MassColumns(signals.masses()));
      }
      layers[l] = new LayerStore(layer, heads, signals);
    }
    List<JointSides> joints = new ArrayList<>(keys.over(layers));
    joints.addAll(values.over(layers));
    return new CacheStores(layers, joints);
  }

  /** Stores of the same content that go their own way; pages are shared until written. */
  CacheStores fork() {
    ForkCopies copies = new ForkCopies();
    LayerStore[] forked = new LayerStore[layers.length];
    for (int l = 0; l < layers.length; l++) {
      forked[l] = layers[l].fork(copies);
    }
    return new CacheStores(
        forked, joints.stream().map(joint -> joint.over(forked, copies)).toList());
  }

  KvBytes bytes() {
    KvBytes bytes = KvBytes.NONE;
    for (LayerStore layer : layers) {
      bytes = bytes.plus(layer.bytes());
    }
    for (JointSides joint : joints) {
      bytes = bytes.plus(joint.bytes());
    }
    return bytes;
  }

  /** Encodes what is due in a layer, all its rows being there. */
  void seal(int layer, int seen, Workers workers) {
    layers[layer].seal(seen, workers);
    seal(joint -> !joint.acrossLayers() && joint.group().first() == layer, workers);
  }

  /** Encodes what is due in groups of layers whose last one is {@code layer}. */
  void sealAcross(int layer, Workers workers) {
    seal(joint -> joint.acrossLayers() && joint.group().last() == layer, workers);
  }

  /** Encodes what is due in all groups of layers, a row having passed every one. */
  void sealAcross(Workers workers) {
    seal(JointSides::acrossLayers, workers);
  }

  private void seal(Predicate<JointSides> which, Workers workers) {
    List<JointSides> due = new ArrayList<>();
    for (JointSides joint : joints) {
      if (which.test(joint) && joint.due() > 0) {
        due.add(joint);
      }
    }
    if (!due.isEmpty()) {
      workers.run(due.size(), (task, thread) -> due.get(task).seal());
    }
  }

  /** How many rows may pass all layers before some that are coded together are due. */
  int rowsToSealAcross(int wanted) {
    int rows = wanted;
    for (JointSides joint : joints) {
      if (joint.acrossLayers()) {
        rows = joint.rowsToSeal(rows);
      }
    }
    return rows;
  }

  /** Groups of heads of one side, and the pages of each. */
  private record Tied(List<CacheLayers.Together> groups, List<CodedPages> codes) {
    static Tied of(List<CacheLayers.Together> groups, PagePool pool) {
      List<CodedPages> codes =
          groups.stream()
              .map(
                  g ->
                      new CodedPages(
                          pool,
                          g.group().content(),
                          g.format().firstPageBytes(),
                          g.format().pageBytes()))
              .toList();
      return new Tied(groups, codes);
    }

    boolean holds(int layer) {
      return index(layer) < groups.size();
    }

    Side<KeyFormat> keys(KvHead head, PagePool pool) {
      int i = index(head.layer().index());
      MemberKeys format = new MemberKeys(groups.get(i).format(), member(i, head));
      return Side.member(format, codes.get(i), pool);
    }

    Side<ValueFormat> values(KvHead head, PagePool pool) {
      int i = index(head.layer().index());
      MemberValues format = new MemberValues(groups.get(i).format(), member(i, head));
      return Side.member(format, codes.get(i), pool);
    }

    List<JointSides> over(LayerStore[] layers) {
      List<JointSides> joints = new ArrayList<>();
      for (int i = 0; i < groups.size(); i++) {
        CacheLayers.Together of = groups.get(i);
        joints.add(new JointSides(of.format(), of.group(), codes.get(i), layers));
      }
      return joints;
    }

    private int index(int layer) {
      int i = 0;
      while (i < groups.size()
          && (layer < groups.get(i).group().first() || layer > groups.get(i).group().last())) {
        i++;
      }
      return i;
    }

    private int member(int i, KvHead head) {
      int before = head.layer().index() - groups.get(i).group().first();
      return before * head.layer().shape().kvHeads() + head.index();
    }
  }
}
