package io.kvasir.kv;

import io.kvasir.kernel.Floats;
import io.kvasir.kernel.Workers;

/**
 * Sums over the queries of a layer before rotation, those before one position left out. They are
 * taken of the differences to the first query, so that the large means of models with biases cancel
 * before anything is squared. A query is added after those before it, whatever the batch, so the
 * bits do not depend on it.
 */
final class MomentSums {
  private final KvLayer layer;
  private final int from;
  private int count;
  private float[] first = {}; // [H][D], the first query counted
  private float[] sums = {}; // [H][D], of differences to it
  private float[] products = {}; // [H][D][D], of those; the upper triangle

  /** Sums over queries at position {@code from} and later. */
  MomentSums(KvLayer layer, int from) {
    this.layer = layer;
    this.from = from;
  }

  int from() {
    return from;
  }

  /** Adds rotated queries, q being [T][H*D], the first of them at {@code position}. */
  void add(float[] q, int row, int rows, int position, Workers workers) {
    int skipped = Math.clamp((long) from - position, 0, rows);
    if (skipped == rows) {
      return;
    }
    int heads = layer.shape().queryHeads();
    int dim = layer.shape().keyDim();
    if (count == 0) {
      first = new float[heads * dim];
      sums = new float[heads * dim];
      products = new float[heads * dim * dim];
    }
    workers.run(
        heads,
        (h, thread) -> {
          float[] x = new float[dim];
          for (int r = skipped; r < rows; r++) {
            System.arraycopy(q, ((row + r) * heads + h) * dim, x, 0, dim);
            layer.rotary().rotate(x, 0, 1, dim, -(position + r));
            add(h, x, count == 0 && r == skipped);
          }
        });
    count += rows - skipped;
  }

  private void add(int h, float[] x, boolean isFirst) {
    int dim = x.length;
    if (isFirst) {
      System.arraycopy(x, 0, first, h * dim, dim);
    }
    Floats.axpy(-1, first, h * dim, x, 0, dim);
    Floats.add(x, 0, sums, h * dim, dim);
    for (int i = 0; i < dim; i++) {
      Floats.axpy(x[i], x, i, products, (h * dim + i) * dim + i, dim - i);
    }
  }

  /** Of head {@code h}; at least one query was counted. */
  QueryMoments moments(int h) {
    int dim = layer.shape().keyDim();
    double[] mean = new double[dim];
    double[] covariance = new double[dim * dim];
    for (int i = 0; i < dim; i++) {
      double shift = (double) sums[h * dim + i] / count;
      mean[i] = first[h * dim + i] + shift;
      for (int j = i; j < dim; j++) {
        double product = (double) products[(h * dim + i) * dim + j] / count;
        covariance[i * dim + j] = product - shift * sums[h * dim + j] / count;
        covariance[j * dim + i] = covariance[i * dim + j];
      }
    }
    return new QueryMoments(mean, covariance);
  }

  MomentSums fork() {
    MomentSums copy = new MomentSums(layer, from);
    copy.count = count;
    copy.first = first.clone();
    copy.sums = sums.clone();
    copy.products = products.clone();
    return copy;
  }

  long bytes() {
    return 4L * (first.length + sums.length + products.length);
  }

  /** What {@link #bytes} of a layer will be. */
  static long bytesFor(LayerShape shape) {
    return 4L * shape.queryHeads() * shape.keyDim() * (shape.keyDim() + 2);
  }
}
