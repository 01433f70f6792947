package io.kvasir.engine.model;

import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kernel.DequantRef;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass as the four architectures define it: in f64, one token after the other, no
 * cache, tensors decoded element by element. Shares nothing with the engine but the file.
 */
final class NaiveModel {
  private final GgufFile file;
  private final Metadata metadata;
  private final String architecture;
  private final int heads;
  private final int kvHeads;
  private final int keyDim;
  private final int valueDim;
  private final double eps;
  private final Map<String, double[][]> decoded = new HashMap<>();

  NaiveModel(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = metadata.string("general.architecture");
    this.heads = integer("attention.head_count", 0);
    this.kvHeads = integer("attention.head_count_kv", heads);
    int dim = integer("embedding_length", 0) / heads;
    this.keyDim = integer("attention.key_length", dim);
    this.valueDim = integer("attention.value_length", dim);
    this.eps = metadata.real(architecture + ".attention.layer_norm_rms_epsilon");
  }

  /** Logits after every token, [N][V]. */
  double[][] logits(int[] ids) {
    double[][] embedding = matrix("token_embd.weight");
    double[][] x = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      x[t] = embedding[ids[t]].clone();
      if (gemma()) {
        scale(x[t], Math.sqrt(x[t].length));
      }
    }
    for (int l = 0; l < integer("block_count", 0); l++) {
      layer(l, x);
    }
    double[][] output =
        file.tensor("output.weight").isPresent() ? matrix("output.weight") : embedding;
    double[] norm = vector("output_norm.weight");
    double[][] logits = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      logits[t] = multiply(output, rmsNorm(x[t], 0, x[t].length, norm));
    }
    return logits;
  }

  private void layer(int l, double[][] x) {
    String blk = "blk." + l + ".";
    double[][] q = new double[x.length][];
    double[][] k = new double[x.length][];
    double[][] v = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] normed = rmsNorm(x[t], 0, x[t].length, vector(blk + "attn_norm.weight"));
      q[t] = heads(l, blk + "attn_q", normed, heads, t);
      k[t] = heads(l, blk + "attn_k", normed, kvHeads, t);
      v[t] = linear(blk + "attn_v", normed);
    }
    for (int t = 0; t < x.length; t++) {
      double[] found = linear(blk + "attn_output", attention(l, t, q[t], k, v));
      add(x[t], gemma() ? rmsNorm(found, blk + "post_attention_norm.weight") : found);
      double[] normed = rmsNorm(x[t], blk + "ffn_norm.weight");
      double[] gate = linear(blk + "ffn_gate", normed);
      double[] up = linear(blk + "ffn_up", normed);
      for (int i = 0; i < gate.length; i++) {
        gate[i] = (gemma() ? gelu(gate[i]) : gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
      }
      double[] answer = linear(blk + "ffn_down", gate);
      add(x[t], gemma() ? rmsNorm(answer, blk + "post_ffw_norm.weight") : answer);
    }
  }

  /** Projected, with bias and head norms where the file has them, and rotated. */
  private double[] heads(int l, String name, double[] normed, int count, int position) {
    double[] all = linear(name, normed);
    for (int h = 0; h < count; h++) {
      if (file.tensor(name + "_norm.weight").isPresent()) {
        double[] head = rmsNorm(all, h * keyDim, keyDim, vector(name + "_norm.weight"));
        System.arraycopy(head, 0, all, h * keyDim, keyDim);
      }
      rotate(l, all, h * keyDim, position);
    }
    return all;
  }

  private void rotate(int l, double[] x, int at, int position) {
    boolean interleaved = architecture.equals("llama");
    double base = local(l) ? 10_000 : metadata.real(architecture + ".rope.freq_base", 10_000);
    double factor = local(l) ? 1 : metadata.real(architecture + ".rope.scaling.factor", 1);
    double[] factors =
        file.tensor("rope_freqs.weight").isPresent() ? vector("rope_freqs.weight") : null;
    for (int i = 0; i < keyDim / 2; i++) {
      double angle = position / factor * Math.pow(base, -2.0 * i / keyDim);
      if (factors != null) {
        angle /= factors[i];
      }
      int a = at + (interleaved ? 2 * i : i);
      int b = at + (interleaved ? 2 * i + 1 : i + keyDim / 2);
      double rotated = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
      x[b] = x[a] * Math.sin(angle) + x[b] * Math.cos(angle);
      x[a] = rotated;
    }
  }

  /** A Gemma layer of the sliding window: all but the last of every {@code pattern}. */
  private boolean local(int l) {
    int pattern = integer("attention.sliding_window_pattern", 6);
    return gemma() && (l + 1) % pattern != 0;
  }

  private double[] attention(int l, int t, double[] q, double[][] k, double[][] v) {
    int window = integer("attention.sliding_window", 0);
    boolean windowed = window > 0 && (!gemma() || local(l));
    int first = windowed ? Math.max(0, t - window + 1) : 0;
    double[] out = new double[heads * valueDim];
    for (int h = 0; h < heads; h++) {
      int g = h / (heads / kvHeads);
      double[] weight = new double[t + 1];
      double sum = 0;
      for (int s = first; s <= t; s++) {
        double dot = 0;
        for (int d = 0; d < keyDim; d++) {
          dot += q[h * keyDim + d] * k[s][g * keyDim + d];
        }
        weight[s] = Math.exp(dot / Math.sqrt(keyDim));
        sum += weight[s];
      }
      for (int s = first; s <= t; s++) {
        for (int d = 0; d < valueDim; d++) {
          out[h * valueDim + d] += weight[s] / sum * v[s][g * valueDim + d];
        }
      }
    }
    return out;
  }

  private double[] linear(String name, double[] x) {
    double[] y = multiply(matrix(name + ".weight"), x);
    if (file.tensor(name + ".bias").isPresent()) {
      add(y, vector(name + ".bias"));
    }
    return y;
  }

  private static double[] multiply(double[][] matrix, double[] x) {
    double[] y = new double[matrix.length];
    for (int r = 0; r < y.length; r++) {
      for (int c = 0; c < x.length; c++) {
        y[r] += matrix[r][c] * x[c];
      }
    }
    return y;
  }

  private double[] rmsNorm(double[] x, String name) {
    return rmsNorm(x, 0, x.length, vector(name));
  }

  private double[] rmsNorm(double[] x, int at, int n, double[] weight) {
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += x[at + i] * x[at + i];
    }
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = x[at + i] / Math.sqrt(squares / n + eps) * weight[i];
    }
    return y;
  }

  private static double gelu(double x) {
    return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static void add(double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] += y[i];
    }
  }

  private static void scale(double[] x, double by) {
    for (int i = 0; i < x.length; i++) {
      x[i] *= by;
    }
  }

  private double[][] matrix(String name) {
    return decoded.computeIfAbsent(name, this::decode);
  }

  private double[][] decode(String name) {
    TensorInfo tensor = file.tensor(name).orElseThrow();
    int cols = Math.toIntExact(tensor.shape().get(0));
    int rows = (int) (tensor.elements() / cols);
    double[][] matrix = new double[rows][cols];
    float[] row = new float[cols];
    for (int r = 0; r < rows; r++) {
      DequantRef.row(tensor.type(), file.data(tensor), tensor.bytes() / rows * r, cols, row);
      for (int c = 0; c < cols; c++) {
        matrix[r][c] = row[c];
      }
    }
    return matrix;
  }

  private double[] vector(String name) {
    return matrix(name)[0];
  }

  private boolean gemma() {
    return architecture.equals("gemma3");
  }

  private int integer(String key, int otherwise) {
    return (int) metadata.integer(architecture + "." + key, 0, Integer.MAX_VALUE, otherwise);
  }
}
