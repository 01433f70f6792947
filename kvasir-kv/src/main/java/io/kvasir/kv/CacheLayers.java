package io.kvasir.kv;

import io.kvasir.kv.codec.Codec;
import io.kvasir.kv.codec.JointFormat;
import io.kvasir.kv.codec.KeyFormat;
import io.kvasir.kv.codec.MemberKeys;
import io.kvasir.kv.codec.MemberValues;
import io.kvasir.kv.codec.Shortening;
import io.kvasir.kv.codec.ValueFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which form the rows of every head take under a plan: each head's own, or one with others. Heads
 * are coded together where the codec says so and they hold the same tokens: not where the plan
 * drops pairs, for then each may keep others, and not in sliding-window layers.
 */
record CacheLayers(KvPlan plan, KvModel model) {

  /** Heads of one or more layers whose rows are coded together. */
  record Together(JointFormat format, JointSides.Group group) {}

  /** The groups of one side, in the order of layers. */
  List<Together> together(PagePool.Content content) {
    List<Together> groups = new ArrayList<>();
    int layers = model.shape().layers().size();
    for (int first = 0, next; first < layers; first = next) {
      next = first + layersTogether(first, content);
      JointSides.Group group = new JointSides.Group(first, next - 1, content);
      joint(group).ifPresent(format -> groups.add(new Together(format, group)));
    }
    return groups;
  }

  /**
   * @throws KvPlanException when a codec cannot store a layer's rows
   */
  void check() {
    List<Together> keys = together(PagePool.Content.KEYS);
    List<Together> values = together(PagePool.Content.VALUES);
    for (int layer = 0; layer < model.shape().layers().size(); layer++) {
      KvHead any = new KvHead(model.layer(layer), 0);
      if (!holds(keys, layer)) {
        keys(any);
      }
      if (!holds(values, layer)) {
        values(any);
      }
    }
  }

  /** Whether a layer is in one of the groups. */
  static boolean holds(List<Together> groups, int layer) {
    return groups.stream()
        .map(Together::group)
        .anyMatch(group -> group.first() <= layer && layer <= group.last());
  }

  /** The form of the keys of a head that is coded for itself. */
  KeyFormat keys(KvHead head) {
    Codec codec = plan.keyCodec(head.layer().index());
    return codec
        .keysTogether(List.of(head))
        .<KeyFormat>map(alone -> new MemberKeys(alone, 0))
        .orElseGet(() -> codec.keys(head.layer(), head.index()));
  }

  /** The form of the values of a head that is coded for itself. */
  ValueFormat values(KvHead head) {
    Codec codec = plan.valueCodec(head.layer().index());
    return codec
        .valuesTogether(List.of(head))
        .<ValueFormat>map(alone -> new MemberValues(alone, 0))
        .orElseGet(() -> codec.values(head.layer(), head.index()));
  }

  /** How the heads of a layer shorten their pairs; a sliding window bounds them already. */
  Optional<Shortening> shortening(int layer) {
    return model.shape().layer(layer).compressible()
        ? plan.keyCodec(layer).shortening()
        : Optional.empty();
  }

  private Codec codec(int layer, PagePool.Content content) {
    return content == PagePool.Content.KEYS ? plan.keyCodec(layer) : plan.valueCodec(layer);
  }

  /** At most as many as the codec says; all of them alike, and stored by the same codec. */
  private int layersTogether(int first, PagePool.Content content) {
    Codec codec = codec(first, content);
    int wanted = codec.layersTogether(model, first);
    int count = 1;
    while (count < wanted
        && first + count < model.shape().layers().size()
        && model.shape().layer(first + count).equals(model.shape().layer(first))
        && codec(first + count, content).equals(codec)) {
      count++;
    }
    return count;
  }

  private Optional<JointFormat> joint(JointSides.Group group) {
    if (plan.drops() || !model.shape().layer(group.first()).compressible()) {
      return Optional.empty();
    }
    List<KvHead> heads = new ArrayList<>();
    for (int l = group.first(); l <= group.last(); l++) {
      for (int g = 0; g < model.shape().layer(l).kvHeads(); g++) {
        heads.add(new KvHead(model.layer(l), g));
      }
    }
    Codec codec = codec(group.first(), group.content());
    return group.content() == PagePool.Content.KEYS
        ? codec.keysTogether(heads)
        : codec.valuesTogether(heads);
  }
}
