package io.kvasir.kv.codec;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Param;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * RotateKV: keys are turned by a Hadamard matrix across heads, before their rotation by position,
 * and their channels sorted by mean, so that few bits serve each group of neighbours; values are
 * turned head by head. The first tokens stay as they are.
 *
 * <p>Paper: Su et al. 2025, arXiv:2501.16383. Code: ZunhaiSu/RotateKV.
 *
 * <p>Keys of {@code heads} adjacent KV heads, or of the most that divides G and gives a power of
 * two, are one vector, turned by the orthonormal Walsh-Hadamard matrix. The channels of all heads
 * are then ordered by their sum over a text, by {@code kvasir calibrate}, and coded per token in
 * groups of {@code group}, the last one shorter. Values are coded per token and head, in groups of
 * at most D. The sum of values is turned back once a query. Layout: {@link RotatedPages}.
 *
 * <p>{@code x = scale (code - zero)}: {@code scale = f16(clip (max - min) / (2^bits - 1))}, zero =
 * {@code round(-clip min / scale)}, clip 0.8 at 2 bits and 1 above.
 *
 * <p>Cost: bits + 32 / group bits an element of keys, bits + 32 / min(group, D) of values, 4 G D
 * bytes for each of the first tokens and layer. Keys of a page are decoded and turned for each
 * head: 64 x heads x D x (2 + log2(heads D)) operations, which the position's rotation after it
 * forbids to move to the query.
 */
@KvMethod(
    value = "rotatekv",
    summary = "keys turned across heads and sorted by channel, values turned, then 2 to 4 bits",
    about =
        "A Hadamard rotation spreads what stands out in few channels over all of them, so "
            + "that a group can share a scale. Keys are turned across heads, before their position "
            + "turns them, and channels of like size sorted into one group, in an order learned "
            + "once for the model; when read they are turned back. Values are turned within a head, "
            + "and undone once after the sum. Where a plan drops pairs, each head is turned and "
            + "sorted by itself.",
    source = "Su et al. 2025, arXiv:2501.16383; ZunhaiSu/RotateKV",
    cost = "(bits / 4 + 4 / group + 4 / min(group, D)) D bytes per pair; calibrated",
    formula =
        "k' = sort(H k), k before rotation; code = clamp(round(x / scale) + zero); v' = H v, undone"
            + " after the sum",
    differs =
        "the first tokens stay exact (paper: those with the 20 largest hidden numbers of a layer,"
            + " which are mostly these); activations are turned, not weights; 3 bits have 7 steps"
            + " (authors' code: 8); where the plan drops pairs, a head's keys are turned and sorted by"
            + " themselves")
record RotateKv(
    @Param(
            value = "2",
            oneOf = {2, 3, 4},
            doc = "bits per code")
        int bits,
    @Param(
            value = "128",
            oneOf = {32, 64, 128, 256},
            doc = "sorted channels of a group")
        int group,
    @Param(value = "4", min = 0, max = 64, doc = "first tokens that stay as they are") int sinks,
    @Param(value = "4", min = 1, max = 16, doc = "KV heads turned together, at most") int heads)
    implements OverF16, Calibrated {
  private static final String ORDER = "order";
  private static final String ORDER_ALONE = "order alone"; // of heads by themselves

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> members) {
    KvLayer layer = members.getFirst().layer();
    if (!layer.shape().compressible()) {
      return Optional.empty(); // bounded by its window, and stored as f16
    }
    Calibration learned = layer.model().calibrations().find(calibration());
    LayerShape shape = layer.shape();
    checkPowerOfTwo(shape.keyDim());
    boolean alone = members.size() < shape.kvHeads();
    int from = members.getFirst().index() * shape.keyDim();
    return Optional.of(
        RotatedPages.keys(
            this,
            members.size(),
            shape.keyDim(),
            together(members.size()),
            () -> {
              int[] order = new int[members.size() * shape.keyDim()];
              float[] known = learned.array(layer.index(), alone ? ORDER_ALONE : ORDER);
              Arrays.setAll(order, i -> (int) known[from + i]);
              return order;
            }));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> members) {
    LayerShape shape = members.getFirst().layer().shape();
    if (!shape.compressible()) {
      return Optional.empty();
    }
    checkPowerOfTwo(shape.valueDim());
    return Optional.of(RotatedPages.values(this, members.size(), shape.valueDim()));
  }

  private static void checkPowerOfTwo(int dim) {
    if (Integer.bitCount(dim) != 1 || dim < 16) {
      throw new KvPlanException(
          "rotatekv: head dimension " + dim + " is not a power of two, at least 16");
    }
  }

  /** KV heads that are turned together, of {@code kvHeads}. */
  int together(int kvHeads) {
    int most = Integer.highestOneBit(Math.min(heads, kvHeads));
    while (kvHeads % most != 0) {
      most /= 2;
    }
    return most;
  }

  float clip() {
    return bits == 2 ? 0.8f : 1;
  }

  /**
   * Codes a group of numbers.
   *
   * @param codes receives n codes
   * @return f16 scale in the low half, the zero point above it
   */
  int code(float[] x, int at, int n, int[] codes) {
    int top = (1 << bits) - 1;
    float low = x[at];
    float high = x[at];
    for (int i = 1; i < n; i++) {
      low = Math.min(low, x[at + i]);
      high = Math.max(high, x[at + i]);
    }
    if (high == low) { // one step of its own size, and code 0
      short size = Float.floatToFloat16(Math.abs(low));
      Arrays.fill(codes, 0, n, 0);
      return size & 0xffff | (low > 0 ? -1 : 1) << 16;
    }
    float least = Float.float16ToFloat((short) 1); // so that no scale is 0
    short scaleBits = Float.floatToFloat16(Math.max(least, clip() * (high - low) / top));
    float scale = Float.float16ToFloat(scaleBits);
    int zero =
        Math.clamp(Math.round(-clip() * low / scale), Short.MIN_VALUE + top, Short.MAX_VALUE - top);
    for (int i = 0; i < n; i++) {
      codes[i] = Math.clamp(Math.round(x[at + i] / scale) + zero, 0, top);
    }
    return scaleBits & 0xffff | zero << 16;
  }

  @Override
  public String calibration() {
    return "rotatekv(heads=" + heads + ")";
  }

  @Override
  public Reading reading() {
    return new Reading(8 * 2048, 2048);
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    return Calibrator.of(text.windows(), layer -> new Sums(layer.shape()));
  }

  /** The sums of a layer's channels of keys, and the orders that sort them once turned. */
  private final class Sums implements LayerCalibrator {
    private final LayerShape shape;
    private final float[] key;
    private final double[] sums; // of keys as they are: turning is linear

    Sums(LayerShape shape) {
      this.shape = shape;
      this.key = new float[shape.kvHeads() * shape.keyDim()];
      this.sums = new double[key.length];
    }

    @Override
    public void read(int prompt, PromptRows rows) {
      for (int t = 0; t < rows.tokens(); t++) {
        for (int g = 0; g < shape.kvHeads(); g++) {
          rows.unrotatedKey(g, t, key, g * shape.keyDim());
        }
        for (int i = 0; i < sums.length; i++) {
          sums[i] += key[i];
        }
      }
    }

    @Override
    public Map<String, float[]> arrays() {
      int dim = shape.keyDim();
      return Map.of(
          ORDER, order(together(shape.kvHeads()) * dim, sums.length), ORDER_ALONE, order(dim, dim));
    }

    /** Sorts what {@code width} channels become that are turned together, a part at a time. */
    private float[] order(int width, int part) {
      float[] turned = new float[sums.length];
      for (int i = 0; i < turned.length; i++) {
        turned[i] = (float) sums[i];
      }
      for (int at = 0; at < turned.length; at += width) {
        Hadamard.turn(turned, at, width);
      }
      float[] out = new float[turned.length];
      for (int at = 0; at < out.length; at += part) {
        int from = at;
        Integer[] order = new Integer[part];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> turned[from + i])); // ties by channel
        for (int i = 0; i < part; i++) {
          out[at + i] = order[i];
        }
      }
      return out;
    }
  }
}
