package io.kvasir.engine.model;

import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.kernel.TensorType;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Small models with random weights, written as real files are. Hidden 256, so that rows hold whole
 * blocks of every format.
 */
final class RandomModel {
  static final int HIDDEN = 256;
  static final int FFN = 256;
  static final int VOCABULARY = 70;
  static final int CONTEXT = 2048;
  static final int HEADS = 4;
  static final int KV_HEADS = 2;
  static final int KEY_DIM = 128; // not hidden / heads: Qwen3 and Gemma have such

  private final Random random;
  private final GgufWriter out = new GgufWriter();
  private final String architecture;
  private final IntFunction<TensorType> types;
  private int layers = 2;
  private int valueDim = KEY_DIM;
  private boolean tied;
  private boolean biases;
  private boolean ropeFactors;
  private String omitted = "";
  private int matrices;

  private RandomModel(long seed, String architecture, IntFunction<TensorType> types) {
    this.random = new Random(seed);
    this.architecture = architecture;
    this.types = types;
    this.biases = architecture.equals("qwen2");
  }

  /** All matrices of one format. */
  static RandomModel of(String architecture, TensorType type) {
    return new RandomModel(1, architecture, i -> type);
  }

  /** All formats in turn. */
  static RandomModel mixed(String architecture) {
    TensorType[] all = TensorType.values();
    return new RandomModel(2, architecture, i -> all[i % all.length]);
  }

  RandomModel layers(int layers) {
    this.layers = layers;
    return this;
  }

  RandomModel valueDim(int valueDim) {
    this.valueDim = valueDim;
    return this;
  }

  RandomModel tied() {
    this.tied = true;
    return this;
  }

  RandomModel biased() {
    this.biases = true;
    return this;
  }

  RandomModel ropeFactors() {
    this.ropeFactors = true;
    return this;
  }

  /** Leaves one tensor out. */
  RandomModel without(String tensor) {
    this.omitted = tensor;
    return this;
  }

  /** The writer with every key and tensor in it. */
  GgufWriter writer() {
    String a = architecture + ".";
    out.string("general.architecture", architecture)
        .uint32(a + "block_count", layers)
        .uint32(a + "context_length", CONTEXT)
        .uint32(a + "embedding_length", HIDDEN)
        .uint32(a + "feed_forward_length", FFN)
        .uint32(a + "attention.head_count", HEADS)
        .uint32(a + "attention.head_count_kv", KV_HEADS)
        .uint32(a + "attention.key_length", KEY_DIM)
        .uint32(a + "attention.value_length", valueDim)
        .float32(a + "attention.layer_norm_rms_epsilon", 1e-5f)
        .float32(a + "rope.freq_base", 500_000);
    if (architecture.equals("gemma3")) {
      out.uint32(a + "attention.sliding_window", 7);
    }
    matrix("token_embd.weight", HIDDEN, VOCABULARY);
    if (ropeFactors) {
      vector("rope_freqs.weight", KEY_DIM / 2, 3, 0.5);
    }
    for (int l = 0; l < layers; l++) {
      layer("blk." + l + ".");
    }
    vector("output_norm.weight", HIDDEN, 1, 0.2);
    if (!tied) {
      matrix("output.weight", HIDDEN, VOCABULARY);
    }
    return out;
  }

  private void layer(String blk) {
    vector(blk + "attn_norm.weight", HIDDEN, 1, 0.2);
    projection(blk + "attn_q", HEADS * KEY_DIM);
    projection(blk + "attn_k", KV_HEADS * KEY_DIM);
    projection(blk + "attn_v", KV_HEADS * valueDim);
    matrix(blk + "attn_output.weight", HEADS * valueDim, HIDDEN);
    vector(blk + "ffn_norm.weight", HIDDEN, 1, 0.2);
    matrix(blk + "ffn_gate.weight", HIDDEN, FFN);
    matrix(blk + "ffn_up.weight", HIDDEN, FFN);
    matrix(blk + "ffn_down.weight", FFN, HIDDEN);
    if (architecture.equals("qwen3") || architecture.equals("gemma3")) {
      vector(blk + "attn_q_norm.weight", KEY_DIM, 1, 0.2);
      vector(blk + "attn_k_norm.weight", KEY_DIM, 1, 0.2);
    }
    if (architecture.equals("gemma3")) {
      vector(blk + "post_attention_norm.weight", HIDDEN, 1, 0.2);
      vector(blk + "post_ffw_norm.weight", HIDDEN, 1, 0.2);
    }
  }

  private void projection(String name, int rows) {
    matrix(name + ".weight", HIDDEN, rows);
    if (biases) {
      vector(name + ".bias", rows, 0, 0.5);
    }
  }

  private void matrix(String name, int cols, int rows) {
    TensorType type = types.apply(matrices++);
    add(name, type, RandomTensor.matrix(type, rows, cols, random), cols, rows);
  }

  private void vector(String name, int n, double mean, double std) {
    add(name, TensorType.F32, RandomTensor.vector(n, mean, std, random), n);
  }

  private void add(String name, TensorType type, byte[] data, long... shape) {
    if (!name.equals(omitted)) {
      out.tensor(name, type, data, shape);
    }
  }
}
