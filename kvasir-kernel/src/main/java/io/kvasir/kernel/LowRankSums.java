package io.kvasir.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A page that is a product of low rank, {@code number[p][l] = sum_k left[k][p] * right[k][l]}, and
 * sums over its positions, which never make the page. Holds the two factors; for one thread at a
 * time. Defined by {@link LowRankSumsRef}, bit for bit.
 */
public final class LowRankSums {
  private final int positions;
  private final int lanes;
  private final int ranks;
  private final float[] left; // [rank][P]
  private final float[] turned; // the same, [P][rank]
  private final MemorySegment right; // f32 [rank][L]
  private final float[] widened; // on its way there
  private int rank;
  private float[] along = {}; // [count][rank]

  /**
   * Room for pages of one shape.
   *
   * @param positions P
   * @param lanes L, a multiple of 16
   * @param ranks the largest rank
   */
  public LowRankSums(int positions, int lanes, int ranks) {
    this.positions = positions;
    this.lanes = lanes;
    this.ranks = ranks;
    this.left = new float[ranks * positions];
    this.turned = new float[ranks * FloatTile.padded(positions)];
    this.widened = new float[ranks * lanes];
    this.right = Arena.ofAuto().allocate(4L * Math.max(1, widened.length), 64);
  }

  /** Whether pages of a shape fit. */
  public boolean holds(int wantedPositions, int wantedLanes, int wantedRanks) {
    return positions == wantedPositions && lanes == wantedLanes && ranks == wantedRanks;
  }

  /** From now on the product has this rank; both factors are to be set. */
  public void rank(int wanted) {
    rank = wanted;
  }

  /** Sets the left factor: f16[rank][P] at a byte of native memory. */
  public void left(MemorySegment from, long at) {
    Half.widen(from, at, left, 0, rank * positions);
  }

  /** Sets the left factor, [rank][P]. */
  public void left(float[] factor) {
    System.arraycopy(factor, 0, left, 0, rank * positions);
  }

  /** Sets the right factor: f16[rank][L] at a byte of native memory. */
  public void right(MemorySegment from, long at) {
    Half.widen(from, at, widened, 0, rank * lanes);
    right(widened);
  }

  /** Sets the right factor, [rank][L]. */
  public void right(float[] factor) {
    MemorySegment.copy(factor, 0, right, ValueLayout.JAVA_FLOAT, 0, rank * lanes);
  }

  /**
   * {@code out[i][l] += sum_k (sum_p x[i][p] * left[k][p]) * right[k][l]}: the inner sum in the
   * order of {@link Floats}, the outer one from out, by fma, k ascending.
   *
   * @param x [count][P]
   * @param out [count][L], rows padded as {@link FloatTile#padded} says
   */
  public void add(float[] x, int count, float[] out) {
    int rows = FloatTile.padded(count);
    if (along.length < rows * ranks) {
      along = new float[rows * ranks];
    }
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < rank; k++) {
        along[i * rank + k] = Floats.dot(x, i * positions, left, k * positions, positions);
      }
    }
    FloatTile.multiplyAdd(along, rank, rows, rank, right, out, lanes);
  }

  /**
   * {@code page[p][l] += number[p][l]}: from the page, by fma, k ascending.
   *
   * @param page [P][L], rows padded as {@link FloatTile#padded} says
   */
  public void addPage(float[] page) {
    for (int p = 0; p < positions; p++) {
      for (int k = 0; k < rank; k++) {
        turned[p * rank + k] = left[k * positions + p];
      }
    }
    int rows = FloatTile.padded(positions);
    FloatTile.multiplyAdd(turned, rank, rows, rank, right, page, lanes);
  }
}
