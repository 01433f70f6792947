package io.kvasir.kv.codec;

import io.kvasir.kernel.Entries;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.Param;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * GEAR: rows are coded in few bits, and what the codes lose is stored beside them: the extreme
 * numbers as they were, and of the rest of the error its part of low rank.
 *
 * <p>Paper: Kang et al. 2024, arXiv:2403.05527. Code: opengear-project/GEAR.
 *
 * <p>{@code X = D + S + E}: S are the extreme numbers, keys' of each channel over 64 tokens,
 * values' of each token over all channels of its heads. D codes the others as {@code kivi} does,
 * keys per channel, values per token, by {@code group} numbers. {@code E ~ A B^T} for each head: a
 * prompt is one block of rank {@code rank} with one B; later tokens wait until there are {@code
 * buffer}, which are a block of rank {@code rank-later} each. Layout: {@link GearPages}.
 *
 * <p>Extreme numbers are stored by how they differ from D + E, in f16, so attention on codes sums
 * three parts and decodes none. Where rows of both signs go beyond 32,752 that is cut.
 *
 * <p>Cost, bits an element: bits + 32 / group; 24 (keys) or 32 (values) for an extreme number; 16
 * rank / D; and 16 rank-later / 64 for the B of a later block, for which every page has room.
 */
@KvMethod(
    value = "gear",
    summary = "few bits, and beside them the extreme numbers and the error's low-rank part",
    about =
        "What kivi's codes lose is made up for in two ways. The extreme numbers, which "
            + "stretch every scale, are taken out and stored apart; the error that remains "
            + "has few strong directions, and those are stored as a product of two thin matrices. "
            + "Costs bytes for both, and time to add them to a page. Goes with every scorer and "
            + "budget.",
    source = "Kang et al. 2024, arXiv:2403.05527; opengear-project/GEAR",
    cost =
        "D / 4 (bits + 32 / group) bytes per pair; about 4 rank for A, 7 D outliers for the extreme"
            + " numbers, D rank-later / 16 for B; the newest 0 to 63 pairs raw",
    formula = "X = D + S + A B^T; B from power iteration on E = X - D - S",
    differs =
        "extreme numbers of keys are chosen in 64 tokens, round(64 outliers / 2) of either end (paper:"
            + " in the whole block; the authors' code takes the count from the width of the model); the"
            + " B of a prompt is made orthonormal and A = E B (authors: A orthonormal); the backbone is"
            + " kivi's at 4 bits too (authors: one group a row)")
record Gear(
    @Param(
            value = "2",
            oneOf = {2, 4},
            doc = "bits per code")
        int bits,
    @Param(
            value = "64",
            oneOf = {32, 64},
            doc = "tokens of a key group, channels of a value group")
        int group,
    @Param(value = "4", min = 0, max = 32, doc = "rank of a prompt's error") int rank,
    @Param(
            value = "2",
            name = "rank-later",
            min = 0,
            max = 32,
            doc = "rank of the error of a later block")
        int rankLater,
    @Param(value = "2%", min = 0, max = 0.2, doc = "share of numbers kept as they are")
        double outliers,
    @Param(
            value = "64",
            oneOf = {64},
            doc = "later tokens that are coded as one block")
        int buffer,
    @Param(value = "3", min = 1, max = 20, doc = "rounds of the power iteration") int loop)
    implements Codec {
  /** The largest magnitude that can be coded. */
  static final float LIMIT = 65504;

  @Override
  public KeyFormat keys(int dim) {
    return new MemberKeys(new GearPages(this, true, 1, dim), 0);
  }

  @Override
  public ValueFormat values(int dim) {
    return new MemberValues(new GearPages(this, false, 1, dim), 0);
  }

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().keyDim();
    return Optional.of(new GearPages(this, true, heads.size(), dim));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().valueDim();
    return Optional.of(new GearPages(this, false, heads.size(), dim));
  }

  /** Extreme numbers of either end among {@code n}. */
  int extremes(int n) {
    return (int) Math.round(n * outliers / 2);
  }

  /**
   * An orthonormal basis of the rows that E mostly spans, by power iteration from noise.
   *
   * @param e [rows][dim]
   * @param wanted axes
   * @return [wanted][dim]; axes of zeros where E has fewer dimensions
   */
  float[] axes(float[] e, int rows, int dim, int wanted) {
    double[] p = new double[wanted * dim];
    Random random = new Random(wanted);
    for (int i = 0; i < p.length; i++) {
      p[i] = random.nextDouble();
    }
    for (int round = 0; round < loop; round++) {
      orthonormalise(p, wanted, dim);
      double[] next = new double[p.length];
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < wanted; k++) {
          double q = 0;
          for (int d = 0; d < dim; d++) {
            q += e[r * dim + d] * p[k * dim + d];
          }
          for (int d = 0; d < dim; d++) {
            next[k * dim + d] += q * e[r * dim + d];
          }
        }
      }
      p = next;
    }
    orthonormalise(p, wanted, dim);
    float[] axes = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      axes[i] = (float) p[i];
    }
    return axes;
  }

  private static void orthonormalise(double[] p, int count, int dim) {
    for (int i = 0; i < count; i++) {
      double before = norm(p, i, dim);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double along = 0;
          for (int d = 0; d < dim; d++) {
            along += p[i * dim + d] * p[j * dim + d];
          }
          for (int d = 0; d < dim; d++) {
            p[i * dim + d] -= along * p[j * dim + d];
          }
        }
      }
      double norm = norm(p, i, dim);
      boolean nothing = norm <= 1e-12 * before || norm == 0; // it lay in the span of the others
      for (int d = 0; d < dim; d++) {
        p[i * dim + d] = nothing ? 0 : p[i * dim + d] / norm;
      }
    }
  }

  private static double norm(double[] p, int i, int dim) {
    double sum = 0;
    for (int d = 0; d < dim; d++) {
      sum += p[i * dim + d] * p[i * dim + d];
    }
    return Math.sqrt(sum);
  }

  /** Refuses what cannot be stored. */
  void check(int dim) {
    BlockCoder.checkDim("gear", dim, group);
    if (dim > Entries.PLACE_LANES) {
      throw new KvPlanException(
          "gear: head dimension %d; expected at most %d".formatted(dim, Entries.PLACE_LANES));
    }
    if (Math.max(rank, rankLater) >= dim) {
      throw new KvPlanException(
          "gear: rank=%d,rank-later=%d for a head dimension of %d; expected less"
              .formatted(rank, rankLater, dim));
    }
  }
}
