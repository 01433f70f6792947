package io.kvasir.kv.codec;

import io.kvasir.kv.Calibration;
import io.kvasir.kv.KvLayer;
import io.kvasir.kv.KvMethod;
import io.kvasir.kv.KvPlanException;
import io.kvasir.kv.LayerShape;
import io.kvasir.kv.Param;
import io.kvasir.kv.calibration.Calibrated;
import io.kvasir.kv.calibration.CalibrationText;
import io.kvasir.kv.calibration.Calibrator;
import io.kvasir.kv.calibration.EvenSample;
import io.kvasir.kv.calibration.LayerCalibrator;
import io.kvasir.kv.calibration.PromptRows;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * CSR: a row is a few atoms of an over-complete dictionary that was learned once, and their
 * weights. Keys are coded before rotation; values in two halves, which lie in fewer dimensions.
 *
 * <p>Paper: Zhang et al. 2024 (AAAI 2025), arXiv:2412.11741; the dictionary is learned, and the
 * atoms are fitted, as in Lexico (Kim et al. 2024, arXiv:2412.08890, krafton-ai/lexico).
 *
 * <p>Layout: {@link SparseRows}. Cost: {@code 64 atoms / D} bits per element, and for the model 4 D
 * times the dictionary's size per layer for keys, half of that for values, twice over. A row is
 * compared with all atoms for each of its own; a page is decoded for reading. {@link OwnAtoms} are
 * held by the sequence. Error: a row's rest is never longer than the row; |x| above 65504 is
 * refused.
 */
@KvMethod(
    value = "csr",
    summary = "a row is a few atoms of a dictionary learned of the model",
    about =
        "A row is a weighted sum of a few atoms of a dictionary that was learned once for the "
            + "model; index and weight of each are what is stored. Orthogonal matching pursuit "
            + "picks the atoms one by one, each for what the former ones left. Their number sets "
            + "bytes and loss; picking them is what takes time. A prompt can add directions of its "
            + "own last tokens (online), which its bytes then hold. Goes with every scorer and "
            + "budget.",
    source = "Zhang et al. 2024 (AAAI 2025), arXiv:2412.11741; krafton-ai/lexico",
    cost =
        "8 atoms bytes per pair; 12 D dictionary bytes per layer once and 6 G D online per layer and"
            + " prompt; (dictionary + online) x D x atoms multiplications per row coded; calibrated",
    formula =
        "k = sum of w_i atom_i over i < atoms, before rotation; v likewise in halves of atoms / 2",
    differs =
        "orthogonal matching pursuit (paper: matching pursuit); the dictionary by k-means and K-SVD,"
            + " without gradients; 128 online atoms a head, each head's its own (paper: 1024 a layer of"
            + " eight heads); no store of outliers")
record Csr(
    @Param(value = "8", min = 2, max = 32, doc = "atoms of a key, and of a value; even") int atoms,
    @Param(value = "1024", min = 16, max = 32_768, doc = "atoms of a dictionary") int dictionary,
    @Param(
            value = "128",
            min = 0,
            max = 4096,
            doc = "atoms that each head adds from the prompt's last tokens; even")
        int online)
    implements Codec, Calibrated {
  private static final int CHUNKS = 2; // of a value
  private static final int SAMPLED = 4096; // rows to learn from

  Csr {
    if (atoms % CHUNKS != 0) {
      throw new KvPlanException(
          "csr: atoms=%d must be even, for example %d".formatted(atoms, atoms + 1));
    }
    if (online % CHUNKS != 0) {
      throw new KvPlanException(
          "csr: online=%d must be even, for example %d".formatted(online, online + 1));
    }
  }

  @Override
  public KeyFormat keys(KvLayer layer, int head) {
    int dim = layer.shape().keyDim();
    return new SparseKeys(
        new SparseRows(found(layer, "keys", dim), new OwnAtoms(online, dim, 1), dim, 1, atoms));
  }

  @Override
  public ValueFormat values(KvLayer layer, int head) {
    int dim = layer.shape().valueDim();
    if (dim % CHUNKS != 0) {
      throw new KvPlanException("csr: values of %d numbers have no halves".formatted(dim));
    }
    Supplier<Dictionary> halves = found(layer, "values", dim / CHUNKS);
    OwnAtoms own = new OwnAtoms(online, dim, CHUNKS);
    return new SparseValues(new SparseRows(halves, own, dim, CHUNKS, atoms / CHUNKS));
  }

  private Supplier<Dictionary> found(KvLayer layer, String side, int dim) {
    return new Found(layer, calibration(), side, dim);
  }

  /** A dictionary that is looked up once, when it is first needed. */
  private static final class Found implements Supplier<Dictionary> {
    private final KvLayer layer;
    private final String calibration;
    private final String side;
    private final int dim;
    private volatile @Nullable Dictionary found;

    Found(KvLayer layer, String calibration, String side, int dim) {
      this.layer = layer;
      this.calibration = calibration;
      this.side = side;
      this.dim = dim;
    }

    @Override
    public Dictionary get() {
      Dictionary dictionary = found;
      if (dictionary == null) { // two threads may both look: they find the same
        Calibration learned = layer.model().calibrations().find(calibration);
        float[] atoms = learned.array(layer.index(), side);
        float[] turned = learned.array(layer.index(), side + "-turned");
        dictionary = Dictionary.learned(atoms, turned, dim);
        found = dictionary;
      }
      return dictionary;
    }
  }

  @Override
  public String calibration() {
    return "csr(dictionary=" + dictionary + ")";
  }

  @Override
  public Reading reading() {
    return new Reading(16 * 1024, 1024);
  }

  @Override
  public Calibrator calibrator(CalibrationText text) {
    List<int[]> prompts = text.windows();
    long tokens = prompts.stream().mapToLong(ids -> ids.length).sum();
    return Calibrator.of(prompts, layer -> new Sampled(layer.shape(), tokens, dictionary));
  }

  /** Sampled keys and halves of values of a layer, all heads together. */
  private static final class Sampled implements LayerCalibrator {
    private final LayerShape shape;
    private final int size;
    private final EvenSample sample;
    private final float[] keys; // [sampled G][D]
    private final float[] values; // [sampled G][D]
    private long seen;
    private int count; // rows of keys, and of values

    Sampled(LayerShape shape, long tokens, int size) {
      this.shape = shape;
      this.size = size;
      this.sample = new EvenSample(tokens, Math.ceilDiv(SAMPLED, shape.kvHeads()));
      this.keys = new float[sample.size() * shape.kvHeads() * shape.keyDim()];
      this.values = new float[sample.size() * shape.kvHeads() * shape.valueDim()];
    }

    @Override
    public void read(int prompt, PromptRows rows) {
      for (int t = 0; t < rows.tokens(); t++) {
        boolean taken = sample.takes(seen++);
        for (int g = 0; taken && g < shape.kvHeads(); g++) {
          rows.unrotatedKey(g, t, keys, count * shape.keyDim());
          rows.value(g, t, values, count * shape.valueDim());
          count++;
        }
      }
    }

    @Override
    public Map<String, float[]> arrays() {
      Dictionary ofKeys = DictionaryLearning.learn(keys, shape.keyDim(), size);
      Dictionary ofValues = DictionaryLearning.learn(values, shape.valueDim() / CHUNKS, size);
      return Map.of(
          "keys", ofKeys.atoms(),
          "keys-turned", ofKeys.turned(),
          "values", ofValues.atoms(),
          "values-turned", ofValues.turned());
    }
  }
}
