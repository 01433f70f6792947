package io.kvasir.kv;

import io.kvasir.kernel.FloatTile;
import io.kvasir.kernel.Floats;
import io.kvasir.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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
  private float[] products = {}; // [H][D][D], of those

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
          Differences x = new Differences(h, dim);
          for (int r = skipped; r < rows; r++) {
            x.add(q, ((row + r) * heads + h) * dim, position + r, count == 0 && r == skipped);
          }
          x.multiply();
        });
    count += rows - skipped;
  }

  /** Rows of one head before rotation, as differences to the first, some at a time. */
  private final class Differences {
    private static final int AT_ONCE = 64;

    private final int h;
    private final int dim;
    private final float[] rows; // [AT_ONCE][D]
    private final float[] turned; // [D, padded][AT_ONCE]
    private final float[] sum; // [D, padded][D]
    private final MemorySegment page; // the rows, native
    private int held;

    Differences(int h, int dim) {
      this.h = h;
      this.dim = dim;
      this.rows = new float[AT_ONCE * dim];
      this.turned = new float[FloatTile.padded(dim) * AT_ONCE];
      this.sum = new float[FloatTile.padded(dim) * dim];
      this.page = Arena.ofAuto().allocate(4L * rows.length, 64);
    }

    void add(float[] q, int at, int position, boolean isFirst) {
      int to = held * dim;
      System.arraycopy(q, at, rows, to, dim);
      layer.rotary().rotate(rows, to, 1, dim, -position);
      if (isFirst) {
        System.arraycopy(rows, to, first, h * dim, dim);
      }
      Floats.axpy(-1, first, h * dim, rows, to, dim);
      Floats.add(rows, to, sums, h * dim, dim);
      for (int d = 0; d < dim; d++) {
        turned[d * AT_ONCE + held] = rows[to + d];
      }
      held++;
      if (held == AT_ONCE) {
        multiply();
      }
    }

    /** Adds the products of the rows held, in their order. */
    void multiply() {
      int at = h * dim * dim;
      MemorySegment.copy(rows, 0, page, ValueLayout.JAVA_FLOAT, 0, held * dim);
      System.arraycopy(products, at, sum, 0, dim * dim);
      FloatTile.multiplyAdd(turned, AT_ONCE, FloatTile.padded(dim), held, page, sum, dim);
      System.arraycopy(sum, 0, products, at, dim * dim);
      held = 0;
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
