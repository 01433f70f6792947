package io.kvasir.kv;

import io.kvasir.kv.PlanSyntax.Prefix;
import io.kvasir.kv.codec.Codec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which codec stores which side of which layer. A choice for layers beats the general one.
 *
 * @param layers disjoint, ascending, and none of them says what the general choice says anyway
 */
record CodecChoice(Codec keys, Codec values, List<Narrowed> layers) {

  /** One codec for keys and values of some layers. */
  record Narrowed(Prefix.Layers range, Codec codec) {
    boolean covers(int layer) {
      return range.first() <= layer && layer <= range.last();
    }

    @Override
    public String toString() {
      return range.toString() + RecordText.print((Record) codec);
    }
  }

  /** A codec as the plan names it. */
  record Named(Prefix prefix, Codec codec) {
    @Override
    public String toString() {
      String method = RecordText.print((Record) codec);
      return switch (prefix) {
        case Prefix.Whole _ -> method;
        case Prefix.Keys _ -> "k:" + method;
        case Prefix.Values _ -> "v:" + method;
        case Prefix.Layers range -> range + method;
      };
    }
  }

  /**
   * Resolves what a plan says; a side that it leaves open gets {@code neutral}.
   *
   * @throws KvPlanException when two codecs claim one side, or one layer
   */
  static CodecChoice of(List<Named> named, Codec neutral) {
    Codec keys = one("keys", Prefix.Keys.class, named).orElse(neutral);
    Codec values = one("values", Prefix.Values.class, named).orElse(neutral);
    List<Narrowed> layers = new ArrayList<>();
    named.stream()
        .filter(n -> n.prefix() instanceof Prefix.Layers)
        .map(n -> new Narrowed((Prefix.Layers) n.prefix(), n.codec()))
        .sorted(Comparator.comparingInt(n -> n.range().first()))
        .forEach(narrowed -> add(layers, narrowed));
    layers.removeIf(n -> n.codec().equals(keys) && n.codec().equals(values));
    return new CodecChoice(keys, values, List.copyOf(layers));
  }

  private static Optional<Codec> one(
      String side, Class<? extends Prefix> prefix, List<Named> named) {
    List<Named> claims =
        named.stream()
            .filter(n -> n.prefix() instanceof Prefix.Whole || prefix.isInstance(n.prefix()))
            .toList();
    if (claims.size() > 1) {
      throw new KvPlanException(
          "%s and %s both choose the codec of %s; expected one, as in k:q8 | v:q4"
              .formatted(claims.get(0), claims.get(1), side));
    }
    return claims.stream().map(Named::codec).findFirst();
  }

  /** Appends the next range; one that continues the last with the same codec widens it. */
  private static void add(List<Narrowed> layers, Narrowed next) {
    if (!layers.isEmpty()) {
      Narrowed last = layers.getLast();
      if (next.range().first() <= last.range().last()) {
        throw new KvPlanException(
            "%s and %s both choose the codec of layer %d; expected one"
                .formatted(last, next, next.range().first()));
      }
      if (next.range().first() == last.range().last() + 1 && next.codec().equals(last.codec())) {
        layers.removeLast();
        Prefix.Layers wide = new Prefix.Layers(last.range().first(), next.range().last());
        layers.add(new Narrowed(wide, next.codec()));
        return;
      }
    }
    layers.add(next);
  }

  /** Every codec that stores something. */
  Stream<Codec> all() {
    return Stream.concat(Stream.of(keys, values), layers.stream().map(Narrowed::codec)).distinct();
  }

  Codec keys(int layer) {
    return narrowed(layer).orElse(keys);
  }

  Codec values(int layer) {
    return narrowed(layer).orElse(values);
  }

  private Optional<Codec> narrowed(int layer) {
    return layers.stream().filter(n -> n.covers(layer)).map(Narrowed::codec).findFirst();
  }

  /** The parts of the canonical plan text. */
  Stream<String> print() {
    Stream<Named> general =
        keys.equals(values)
            ? Stream.of(new Named(new Prefix.Whole(), keys))
            : Stream.of(new Named(new Prefix.Keys(), keys), new Named(new Prefix.Values(), values));
    return Stream.concat(general, layers.stream()).map(Object::toString);
  }

  /**
   * Refuses codecs that cannot serve the plan, whatever the model.
   *
   * @param drops whether the plan drops pairs
   */
  void check(boolean drops) {
    checkShortening(drops);
    for (Codec codec : all().toList()) {
      if (drops && codec.mostLayersTogether() > 1) {
        throw new KvPlanException(
            "%s codes the rows of %d layers together, but a plan that drops pairs keeps others in each"
                .formatted(RecordText.print((Record) codec), codec.mostLayersTogether()));
      }
    }
  }

  private void checkShortening(boolean drops) {
    Optional<String> shortens =
        all()
            .filter(codec -> codec.shortening().isPresent())
            .map(codec -> RecordText.print((Record) codec))
            .findFirst();
    if (shortens.isPresent() && drops) {
      throw new KvPlanException(
          "%s makes rows that stand for many tokens, and no scorer can tell what one of them is worth; expected a plan that drops nothing"
              .formatted(shortens.get()));
    }
    boolean either = keys.shortening().isPresent() || values.shortening().isPresent();
    if (either && !keys.equals(values)) {
      throw new KvPlanException(
          "%s shortens keys and values together; expected it without k: or v:"
              .formatted(shortens.orElseThrow()));
    }
  }

  /**
   * @throws KvPlanException when a range names layers that the model does not have
   */
  void check(KvModel model) {
    int last = model.shape().layers().size() - 1;
    for (Narrowed n : layers) {
      if (n.range().last() > last) {
        throw new KvPlanException(
            "%s names layer %d, but the model has layers 0 to %d"
                .formatted(n, n.range().last(), last));
      }
    }
  }
}
