package io.kvasir.kv;

import io.kvasir.kernel.Bf16Matmul;
import io.kvasir.kernel.Bf16Softmax;
import io.kvasir.kernel.PageBf16;
import io.kvasir.kernel.PageFloats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What one thread needs to attend in bf16, for heads of one shape: half a megabyte, so that it
 * stays in the core's second cache, and the products for blocks of a few sizes.
 */
final class Bf16Scratch {
  /** Slots that are scored, weighed and summed at once: pages 4n .. 4n + 3 of a sequence. */
  static final int SLOTS = 256;

  /** Queries of a block at most; a block of fewer takes the least size that holds it. */
  static final int QUERIES = 192;

  private static final int[] SIZES = {16, 64, QUERIES};

  final int keyDim;
  final int valueDim;

  /** Scaled queries, bf16 [192][D]. */
  final MemorySegment queries;

  /** Keys as pairs: D rows, 256 columns. */
  final MemorySegment keys;

  /** Values as pairs: 256 rows, D columns; whatever lies there is finite. */
  final MemorySegment values;

  /** Scores, f32 [192][256]. */
  final MemorySegment scores;

  /** Weights, bf16 [192][256]. */
  final MemorySegment weights;

  /** Weighted sums, f32 [192][D]. */
  final MemorySegment sums;

  /** A page of keys or values as f32. */
  final MemorySegment page;

  /** Scores of slots that are not seen: a row of -inf. */
  final MemorySegment unseen;

  /** Sums of the weights of a row. */
  final float[] partials = new float[Bf16Softmax.PARTIALS];

  private final List<Bf16Matmul> scoring = new ArrayList<>();
  private final List<Bf16Matmul> summing = new ArrayList<>();

  Bf16Scratch(int keyDim, int valueDim) {
    Arena arena = Arena.ofAuto();
    this.keyDim = keyDim;
    this.valueDim = valueDim;
    queries = arena.allocate(2L * QUERIES * keyDim, 64);
    keys = arena.allocate(PageBf16.bytes(keyDim, SLOTS), 64);
    values = arena.allocate(PageBf16.bytes(SLOTS, valueDim), 64);
    scores = arena.allocate(4L * QUERIES * SLOTS, 64);
    weights = arena.allocate(2L * QUERIES * SLOTS, 64);
    sums = arena.allocate(4L * QUERIES * valueDim, 64);
    page = arena.allocate(PageFloats.bytes(Math.max(keyDim, valueDim)), 64);
    unseen = arena.allocate(4L * SLOTS, 64);
    for (int i = 0; i < SLOTS; i++) {
      unseen.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NEGATIVE_INFINITY);
    }
    for (int size : SIZES) {
      Bf16Matmul.Right pairs = Bf16Matmul.Right.PAIRS;
      scoring.add(
          new Bf16Matmul(
              new Bf16Matmul.Shape(size, SLOTS, keyDim, keyDim, pairs, SLOTS, SLOTS, false),
              arena));
      summing.add(
          new Bf16Matmul(
              new Bf16Matmul.Shape(size, valueDim, SLOTS, SLOTS, pairs, valueDim, valueDim, true),
              arena));
    }
  }

  /** Scores of all slots, for the first {@code count} queries. */
  void score(int count) {
    scoring.get(size(count)).run(queries.address(), keys.address(), scores.address());
  }

  /** Adds what the slots give to the sums of the first {@code count} queries. */
  void sum(int count) {
    summing.get(size(count)).run(weights.address(), values.address(), sums.address());
  }

  private static int size(int count) {
    int i = 0;
    while (SIZES[i] < count) {
      i++;
    }
    return i;
  }
}
