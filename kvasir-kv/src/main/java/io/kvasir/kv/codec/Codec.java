package io.kvasir.kv.codec;

import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvModel;
import java.util.List;
import java.util.Optional;

/**
 * In what form is a page of keys or values stored, and how is attention computed on that form?
 *
 * <p>The life of a row: it is appended raw; {@link PageFormat#sealable} says when the oldest raw
 * rows are encoded; attention reads codes as codes. Keys and values have formats of their own: they
 * may seal at different intervals and lie differently in memory.
 *
 * <p>A format is made once per (sequence, layer, KV head) and side, so it may hold state.
 */
public interface Codec {
  /**
   * The form of keys.
   *
   * @param dim D; a dimension the codec cannot store is refused with a {@link
   *     io.kvasir.kv.KvPlanException}
   * @throws UnsupportedOperationException the codec must know the layer, or codes heads together
   */
  default KeyFormat keys(int dim) {
    throw withoutLayer();
  }

  /** The form of values; as {@link #keys(int)}. */
  default ValueFormat values(int dim) {
    throw withoutLayer();
  }

  private UnsupportedOperationException withoutLayer() {
    return new UnsupportedOperationException(this + " codes rows of a layer's heads alone");
  }

  /**
   * The form of the keys of KV head {@code head}; for codecs that ask for more than D: the layer's
   * rotation, or what was learned of it. Making a form allocates no page, and its size depends on
   * the layer's shape alone.
   */
  default KeyFormat keys(KvLayer layer, int head) {
    return keys(layer.shape().keyDim());
  }

  /** The form of the values of KV head {@code head}; as {@link #keys(KvLayer, int)}. */
  default ValueFormat values(KvLayer layer, int head) {
    return values(layer.shape().valueDim());
  }

  /**
   * The form of keys of several heads that are coded together: the heads of a layer, of {@link
   * #layersTogether several}, or one alone, where the plan drops pairs and each head keeps others.
   * Empty where each head is coded for itself, by {@link #keys(KvLayer, int)}.
   */
  default Optional<JointFormat> keysTogether(List<KvHead> heads) {
    return Optional.empty();
  }

  /** The form of values of several heads that are coded together; as {@link #keysTogether}. */
  default Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    return Optional.empty();
  }

  /**
   * How many layers have their rows coded together, at most. More than 1 contradicts a plan that
   * drops pairs, for each layer may keep others.
   */
  default int mostLayersTogether() {
    return 1;
  }

  /**
   * How many layers, beginning at {@code first}, have their rows coded together: the rows of the
   * first ones wait for those of the last. A group ends with the model, too.
   */
  default int layersTogether(KvModel model, int first) {
    return mostLayersTogether();
  }

  /**
   * How pairs become fewer once they fill a head of a full-attention layer; empty: never. Keys and
   * values shorten together, so a codec that does stores both.
   */
  default Optional<Shortening> shortening() {
    return Optional.empty();
  }

  /**
   * Whether rows come back as they were, or as f16 has them: what counts as not compressed, but for
   * rows that {@link #shortening} makes.
   */
  default boolean exact() {
    return false;
  }
}
