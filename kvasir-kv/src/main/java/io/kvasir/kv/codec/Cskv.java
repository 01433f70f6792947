package io.kvasir.kv.codec;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Param;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import io.kvasir.kv.calibration.SecondMoment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CSKV: the rows of all heads of a layer, side by side, shrink to fewer channels; the newest tokens
 * keep all of them.
 *
 * <p>Paper: Wang et al. 2024, arXiv:2409.10593. Code: wln20/CSKV.
 *
 * <p>The authors train the two factors of each projection to rebuild keys and values with least
 * squared error. Of that loss the best factors are known: the leading eigenvectors of the
 * covariance of keys (before rotation; rotation does not change the error), and of values. Those
 * are found on a text by {@code kvasir calibrate}. A full window of raw tokens is projected at
 * once; the others keep their rows. Layout: {@link LowRank}.
 *
 * <p>Cost: 2 (r_k + r_v) bytes per token and layer, r = rank x G x D rounded down to a multiple of
 * 16; 0 to {@code window - 1} newest tokens at 4 G D. A page of keys is decoded for each head,
 * which takes 64 x r_k x D multiplications.
 */
@KvMethod(
    value = "cskv",
    summary = "all heads of a layer share fewer channels, the newest tokens keep all",
    about =
        "Keys and values of a layer have fewer dimensions than channels. Their axes are "
            + "learned once for a model, over all heads; a row is stored as its coordinates on the "
            + "strongest, and the newest rows stay whole. Bytes fall with the rank, and a page is "
            + "rebuilt when it is read. Where a plan drops pairs, each head has "
            + "coordinates of its own.",
    source = "Wang et al. 2024, arXiv:2409.10593; wln20/CSKV",
    cost =
        "2 (rank-k + rank-v) D bytes per pair and the raw window; bases of 8 (rank-k + rank-v) (G D)^2"
            + " bytes a layer and sequence; calibrated",
    formula =
        "z = U^T (x - mean), x = mean + U z; U the leading eigenvectors of the covariance of x",
    differs =
        "the closed form of the authors' loss (they train for an epoch from an SVD); rows are centred"
            + " (they lose the bias of a projection); latents are f16 (their 4 bits are simulated); where"
            + " the plan drops pairs, a head's channels shrink by themselves")
record Cskv(
    @Param(
            value = "50%",
            name = "rank-k",
            min = 0.01,
            max = 0.99,
            doc = "channels of keys that are kept")
        double rankK,
    @Param(
            value = "50%",
            name = "rank-v",
            min = 0.01,
            max = 0.99,
            doc = "channels of values that are kept")
        double rankV,
    @Param(value = "32", min = 1, max = 4096, doc = "raw tokens that are projected at once")
        int window)
    implements OverF16, Calibrated {
  private static final int SINKS = 4; // whose rows are like no others

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().keyDim();
    return together(heads, LowRank.Side.KEYS, dim, rank(rankK, heads.size() * dim));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().valueDim();
    return together(heads, LowRank.Side.VALUES, dim, rank(rankV, heads.size() * dim));
  }

  /** A sliding-window layer stays as it is; it is bounded already. */
  private Optional<JointFormat> together(List<KvHead> heads, LowRank.Side side, int dim, int rank) {
    KvLayer layer = heads.getFirst().layer();
    if (!layer.shape().compressible()) {
      return Optional.empty();
    }
    Calibration learned = layer.model().calibrations().find(calibration());
    boolean alone = heads.size() < layer.shape().kvHeads();
    String which = alone ? side + " of head " + heads.getFirst().index() : side.toString();
    return Optional.of(
        new LowRank(
            "cskv",
            side,
            heads.size(),
            dim,
            rank,
            true,
            rows -> basis(learned, layer.index(), which, rank, heads.size() * dim),
            false,
            (raw, fitted) -> raw - raw % window));
  }

  private static Basis basis(Calibration learned, int layer, String which, int rank, int width) {
    float[] axes = learned.array(layer, which + " axes");
    return new Basis(rank, width, axes, learned.array(layer, which + " mean"));
  }

  private static int rank(double share, int width) {
    return Math.max(16, (int) (share * width) / 16 * 16);
  }

  @Override
  public String calibration() {
    return "cskv(rank-k=%s,rank-v=%s)".formatted(Percent.of(rankK), Percent.of(rankV));
  }

  @Override
  public Reading reading() {
    return new Reading(32 * 1024, 1024);
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    return Calibrator.of(text.windows(), this::moments);
  }

  LayerCalibrator moments(KvLayer layer) {
    return new Moments(layer.shape());
  }

  /** Mean and covariance of the rows of a layer. */
  private final class Moments implements LayerCalibrator {
    private final LayerShape shape;
    private final SecondMoment keys;
    private final SecondMoment values;
    private final float[] key;
    private final float[] value;

    Moments(LayerShape shape) {
      this.shape = shape;
      this.key = new float[shape.kvHeads() * shape.keyDim()];
      this.value = new float[shape.kvHeads() * shape.valueDim()];
      this.keys = new SecondMoment(key.length);
      this.values = new SecondMoment(value.length);
    }

    @Override
    public void read(int prompt, PromptRows rows) {
      for (int t = Math.min(SINKS, rows.tokens() - 1); t < rows.tokens(); t++) {
        for (int g = 0; g < shape.kvHeads(); g++) {
          rows.unrotatedKey(g, t, key, g * shape.keyDim());
          rows.value(g, t, value, g * shape.valueDim());
        }
        keys.add(key, 0);
        values.add(value, 0);
      }
    }

    @Override
    public Map<String, float[]> arrays() {
      Map<String, float[]> arrays = new HashMap<>();
      put(arrays, LowRank.Side.KEYS, keys, key.length, rankK);
      put(arrays, LowRank.Side.VALUES, values, value.length, rankV);
      return arrays;
    }

    /** Of all heads, and of each by itself. */
    private void put(
        Map<String, float[]> arrays, LowRank.Side side, SecondMoment all, int width, double share) {
      put(arrays, side.toString(), all, width, share);
      int dim = width / shape.kvHeads();
      for (int g = 0; g < shape.kvHeads(); g++) {
        put(arrays, side + " of head " + g, all.part(g * dim, dim), dim, share);
      }
    }

    private static void put(
        Map<String, float[]> arrays, String which, SecondMoment of, int width, double share) {
      arrays.put(which + " mean", of.mean());
      arrays.put(which + " axes", of.centredAxes(Math.min(width, rank(share, width))));
    }
  }
}
