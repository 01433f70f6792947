package io.kvasir.kv.codec;

import io.kvasir.kv.KvHead;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvModel;
import io.kvasir.kv.Param;
import java.util.List;
import java.util.Optional;

/**
 * MiniCache: in the deep half of a model the rows of two adjacent layers point in nearly the same
 * direction. A pair of layers stores one direction for both, and each layer its own lengths; rows
 * whose directions differ most are kept as they are.
 *
 * <p>Paper: Liu et al. 2024 (NeurIPS), arXiv:2405.14366. Code: Zefan-Cai/KVCache-Factory (the
 * authors published none).
 *
 * <p>Pairs are (start, start + 1), (start + 2, start + 3), ..; a layer left over, and those before
 * {@code start}, are stored as {@code f16}. Layout: {@link SharedDirections}.
 *
 * <p>Cost of a pair of layers, for a token, head and side: 2 D + 8 bytes, and 4 D + 1 for every one
 * of the {@code ceil(64 retain)} rows in 64 that are kept; f16 takes 4 D. The newest 0 to 63 tokens
 * are raw.
 */
@KvMethod(
    value = "minicache",
    summary = "two adjacent deep layers share one direction and keep their lengths",
    about =
        "In the deeper half of a model, rows of adjacent layers point in much the same "
            + "direction. Two layers store one direction between theirs, on the sphere, and two "
            + "lengths; the rows that differ most keep both. Layers share the directions, so plans "
            + "that drop pairs are refused.",
    source = "Liu et al. 2024 (NeurIPS), arXiv:2405.14366",
    cost = "in merged layers (2 + 4 ceil(64 retain) / 64) D + 8 bytes per pair of rows, raw 4 D",
    formula =
        "e = slerp(y / |y|, x / |x|; t) of layers l-1 and l; x = |x| e, y = |y| e; the rows of"
            + " largest angle stay",
    differs =
        "rows are retained by 64 tokens and by head, the ceil(64 retain) of largest angle, values by"
            + " their own angles (paper: by a threshold between the smallest and the largest"
            + " distance of a prompt); decoded tokens are merged by 64")
record MiniCache(
    @Param(
            value = "0",
            min = 0,
            max = 1024,
            doc = "first layer of the first pair; 0: the middle of the model")
        int start,
    @Param(value = "5%", min = 0, max = 0.5, doc = "share of rows that keep both originals")
        double retain,
    @Param(value = "0.6", min = 0, max = 1, doc = "weight of the later layer's direction") double t)
    implements OverF16 {

  @Override
  public int mostLayersTogether() {
    return 2;
  }

  @Override
  public int layersTogether(KvModel model, int first) {
    int layers = model.shape().layers().size();
    int begin = start == 0 ? layers / 2 : start;
    boolean lower = first >= begin && (first - begin) % 2 == 0;
    return lower && first + 1 < layers ? 2 : 1;
  }

  @Override
  public Optional<JointFormat> keysTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().keyDim();
    return pairs(heads).map(pairs -> new SharedDirections(this, true, pairs, dim));
  }

  @Override
  public Optional<JointFormat> valuesTogether(List<KvHead> heads) {
    int dim = heads.getFirst().layer().shape().valueDim();
    return pairs(heads).map(pairs -> new SharedDirections(this, false, pairs, dim));
  }

  /** Pairs of heads, where these heads are those of two layers. */
  private static Optional<Integer> pairs(List<KvHead> heads) {
    boolean two = heads.getFirst().layer().index() < heads.getLast().layer().index();
    return two ? Optional.of(heads.size() / 2) : Optional.empty();
  }

  /** Rows in 64 that keep both originals. */
  int retained() {
    return (int) Math.ceil(PageFormat.ROWS * retain);
  }

  /**
   * The shared direction of two rows: on the arc between theirs, at {@code t} from the first.
   *
   * @param y the row of the earlier layer
   * @param x the row of the later one
   * @param e receives D numbers of length 1, or 0 where both rows are
   * @return the cosine of their angle; 1 where one of them is 0
   */
  double direction(float[] y, int yAt, float[] x, int xAt, int dim, float[] e) {
    double lengthY = length(y, yAt, dim);
    double lengthX = length(x, xAt, dim);
    double cosine = 0;
    for (int d = 0; d < dim; d++) {
      cosine += (double) y[yAt + d] * x[xAt + d];
    }
    boolean one = lengthX == 0 || lengthY == 0; // then the other one's direction serves
    cosine = one ? 1 : Math.clamp(cosine / lengthX / lengthY, -1, 1);
    double angle = Math.acos(cosine);
    double sine = Math.sin(angle);
    double ofY = sine < 1e-4 ? 1 - t : Math.sin((1 - t) * angle) / sine;
    double ofX = sine < 1e-4 ? t : Math.sin(t * angle) / sine;
    for (int d = 0; d < dim; d++) {
      double unitY = lengthY == 0 ? 0 : y[yAt + d] / lengthY;
      double unitX = lengthX == 0 ? 0 : x[xAt + d] / lengthX;
      e[d] = (float) (ofY * unitY + ofX * unitX);
    }
    double length = length(e, 0, dim);
    for (int d = 0; d < dim && length > 0; d++) {
      e[d] /= (float) length;
    }
    return cosine;
  }

  static double length(float[] row, int at, int dim) {
    double sum = 0;
    for (int d = 0; d < dim; d++) {
      sum += (double) row[at + d] * row[at + d];
    }
    return Math.sqrt(sum);
  }
}
