package io.kvasir.kv.calibration;

import io.kvasir.kv.KvLayer;

/**
 * Queries, keys and values of one prompt in one layer. Token t stands at position t. Valid during
 * the call that receives it.
 *
 * @param layer whose rows these are
 * @param tokens T
 * @param queries rotated and not scaled, [T][H*D]; may be longer
 * @param keys rotated, [T][G*D]; may be longer
 * @param values [T][G*D of a value]; may be longer
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the pass's own buffers, compared by nobody
public record PromptRows(KvLayer layer, int tokens, float[] queries, float[] keys, float[] values) {

  /** Copies the query of head h, as it meets keys, to {@code out[at .. at+D)}. */
  public void query(int h, int token, float[] out, int at) {
    copy(queries, layer.shape().queryHeads(), h, token, out, at);
  }

  /** Copies the key of KV head g, as queries meet it, to {@code out[at .. at+D)}. */
  public void key(int g, int token, float[] out, int at) {
    copy(keys, layer.shape().kvHeads(), g, token, out, at);
  }

  /** As {@link #query}, before rotation. */
  public void unrotatedQuery(int h, int token, float[] out, int at) {
    query(h, token, out, at);
    unrotate(token, out, at);
  }

  /** As {@link #key}, before rotation. */
  public void unrotatedKey(int g, int token, float[] out, int at) {
    key(g, token, out, at);
    unrotate(token, out, at);
  }

  /** Copies the value of KV head g to {@code out[at .. at + D of a value)}. */
  public void value(int g, int token, float[] out, int at) {
    int dim = layer.shape().valueDim();
    int width = layer.shape().kvHeads() * dim;
    System.arraycopy(values, token * width + g * dim, out, at, dim);
  }

  private void copy(float[] rows, int heads, int head, int token, float[] out, int at) {
    int dim = layer.shape().keyDim();
    System.arraycopy(rows, (token * heads + head) * dim, out, at, dim);
  }

  /** Right up to rounding. */
  private void unrotate(int token, float[] out, int at) {
    int dim = layer.shape().keyDim();
    layer.rotary().rotate(out, at, 1, dim, -token);
  }
}
