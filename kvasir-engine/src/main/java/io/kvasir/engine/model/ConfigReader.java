package io.kvasir.engine.model;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kv.LayerShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parameters of a model from the metadata of its file. Every number is compared with its
 * limits, and those that tensors must agree with again by {@link ModelTensors}.
 */
final class ConfigReader {
  /** No model comes near; products of two such widths and a tile of rows stay far from overflow. */
  private static final int MAX_WIDTH = 1 << 20;

  private static final int MAX_CONTEXT = 1 << 24;

  /** Gemma 3 27B alone scales its queries by hidden / heads; its number of layers tells it. */
  private static final int LAYERS_OF_GEMMA_27B = 62;

  private static final double GEMMA_LOCAL_BASE = 10_000;
  private static final int GEMMA_PATTERN = 6;

  private final GgufFile file;
  private final String name;
  private final Metadata metadata;
  private final Architecture architecture;

  ConfigReader(GgufFile file) {
    this.file = file;
    this.name = file.path().toString();
    this.metadata = file.metadata();
    this.architecture = Architecture.of(name, metadata.string("general.architecture"));
  }

  ModelConfig read() {
    refuseForeignParts();
    int layers = layers();
    int hidden = integer("embedding_length", MAX_WIDTH);
    LayerShape attention = attention(hidden, layers);
    Rope rope = rope(attention.keyDim());
    List<LayerConfig> configs = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      configs.add(new LayerConfig(attention, rope));
    }
    placeWindows(configs);
    return new ModelConfig(
        architecture,
        integer("context_length", MAX_CONTEXT),
        vocabulary(),
        hidden,
        integer("feed_forward_length", MAX_WIDTH),
        (float) real("attention.layer_norm_rms_epsilon", 1e-30, 1),
        architecture == Architecture.GEMMA3 ? (float) Math.sqrt(hidden) : 1,
        configs);
  }

  private int layers() {
    int layers = integer("block_count", Integer.MAX_VALUE);
    if (layers > file.tensors().size()) {
      throw wrong(
          "%s=%d, but the file has only %d tensors"
              .formatted(key("block_count"), layers, file.tensors().size()));
    }
    return layers;
  }

  private LayerShape attention(int hidden, int layers) {
    int heads = integer("attention.head_count", MAX_WIDTH);
    int kvHeads = integer("attention.head_count_kv", MAX_WIDTH, heads);
    if (heads % kvHeads != 0) {
      throw wrong(
          "%s=%d must be a multiple of %s=%d"
              .formatted(
                  key("attention.head_count"), heads, key("attention.head_count_kv"), kvHeads));
    }
    int keyDim = headDim("attention.key_length", hidden, heads);
    int valueDim = headDim("attention.value_length", hidden, heads);
    if (keyDim % 2 != 0) {
      throw wrong(
          "heads of %d elements (%s) cannot be rotated in pairs, expected an even number"
              .formatted(keyDim, key("attention.key_length")));
    }
    boolean gemma27b = architecture == Architecture.GEMMA3 && layers == LAYERS_OF_GEMMA_27B;
    double square = gemma27b ? (double) hidden / heads : keyDim;
    return new LayerShape(heads, kvHeads, keyDim, valueDim, 0, (float) (1 / Math.sqrt(square)));
  }

  private int headDim(String key, int hidden, int heads) {
    if (metadata.has(key(key))) {
      return integer(key, MAX_WIDTH);
    }
    if (hidden % heads != 0) {
      throw wrong(
          "%s=%d does not divide %s=%d, and there is no %s"
              .formatted(
                  key("attention.head_count"), heads, key("embedding_length"), hidden, key(key)));
    }
    return hidden / heads;
  }

  private Rope rope(int keyDim) {
    int dim = integer("rope.dimension_count", MAX_WIDTH, keyDim);
    if (dim != keyDim) {
      throw wrong(
          "%s=%d must equal the head dim, which is %d"
              .formatted(key("rope.dimension_count"), dim, keyDim));
    }
    double base = real("rope.freq_base", 1, 1e12, 10_000);
    boolean factors =
        architecture.takesRopeFactors() && file.tensor(ModelTensors.ROPE_FACTORS).isPresent();
    return new Rope(architecture.pairs(), dim, base, ropeScaling(), factors);
  }

  private double ropeScaling() {
    String type = metadata.string(key("rope.scaling.type"), "linear");
    double factor = real("rope.scaling.factor", 1e-3, 1e6, 1);
    return switch (type) {
      case "linear" -> factor;
      case "none" -> 1;
      default ->
          throw wrong(
              "%s=\"%s\" is not supported, expected none or linear"
                  .formatted(key("rope.scaling.type"), type));
    };
  }

  /**
   * Where the file demands a sliding window: in Gemma 3 all layers but every sixth, which rotate as
   * if nothing were scaled; elsewhere all layers. A window that no sequence outgrows is none.
   */
  private void placeWindows(List<LayerConfig> layers) {
    boolean gemma = architecture == Architecture.GEMMA3;
    String key = "attention.sliding_window";
    int window =
        gemma
            ? integer(key, MAX_CONTEXT)
            : (int) metadata.integer(key(key), 0, Integer.MAX_VALUE, 0);
    int pattern = gemma ? integer("attention.sliding_window_pattern", MAX_WIDTH, GEMMA_PATTERN) : 0;
    double localBase = real("rope.freq_base_swa", 1, 1e12, GEMMA_LOCAL_BASE);
    boolean bounds = window > 0 && window < integer("context_length", MAX_CONTEXT);
    for (int l = 0; l < layers.size(); l++) {
      if (gemma && l % pattern == pattern - 1) {
        continue;
      }
      LayerShape full = layers.get(l).attention();
      Rope rope = layers.get(l).rope();
      layers.set(
          l,
          new LayerConfig(
              bounds ? withWindow(full, window) : full,
              gemma ? new Rope(rope.pairs(), rope.dim(), localBase, 1, false) : rope));
    }
  }

  private static LayerShape withWindow(LayerShape full, int window) {
    return new LayerShape(
        full.queryHeads(), full.kvHeads(), full.keyDim(), full.valueDim(), window, full.scale());
  }

  /** V, on which the embedding, the list of tokens and the parameter must agree. */
  private int vocabulary() {
    TensorInfo embedding =
        file.tensor(ModelTensors.EMBEDDING)
            .orElseThrow(() -> wrong("tensor " + ModelTensors.EMBEDDING + " is missing"));
    long rows = embedding.shape().size() == 2 ? embedding.shape().get(1) : 0;
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      throw wrong(
          "tensor %s has shape %s, expected [hidden, vocabulary]"
              .formatted(ModelTensors.EMBEDDING, embedding.shape()));
    }
    agree(rows, "vocab_size", metadata.integer(key("vocab_size"), 1, Integer.MAX_VALUE, rows));
    if (metadata.has("tokenizer.ggml.tokens")) {
      int tokens = metadata.utf8("tokenizer.ggml.tokens").size();
      if (tokens != rows) {
        throw wrong(
            "tokenizer.ggml.tokens has %d entries, but %s has %d rows"
                .formatted(tokens, ModelTensors.EMBEDDING, rows));
      }
    }
    return (int) rows;
  }

  private void agree(long rows, String key, long value) {
    if (value != rows) {
      throw wrong(
          "%s=%d, but %s has %d rows".formatted(key(key), value, ModelTensors.EMBEDDING, rows));
    }
  }

  /** Parts of other models that would change what is computed, if they were overlooked. */
  private void refuseForeignParts() {
    refuseUnless("expert_count", 0, "a mixture of experts");
    refuseUnless("attn_logit_softcapping", 0, "capped attention scores");
    refuseUnless("final_logit_softcapping", 0, "capped logits");
    refuseUnless("logit_scale", 1, "scaled logits");
    refuseUnless("residual_scale", 1, "scaled residuals");
    refuseUnless("attention.clamp_kqv", 0, "clamped queries, keys and values");
    if (!metadata.bool(key("attention.causal"), true)) {
      throw wrong(
          key("attention.causal")
              + "=false asks for attention to later tokens, which Kvasir does not run");
    }
  }

  private void refuseUnless(String key, double neutral, String what) {
    if (!metadata.has(key(key))) {
      return;
    }
    double value =
        key.equals("expert_count")
            ? metadata.integer(key(key), 0, Integer.MAX_VALUE)
            : metadata.real(key(key));
    if (value != neutral) {
      throw wrong(
          "%s=%s asks for %s, which Kvasir does not run".formatted(key(key), number(value), what));
    }
  }

  private int integer(String key, int max) {
    return (int) metadata.integer(key(key), 1, max);
  }

  private int integer(String key, int max, int otherwise) {
    return (int) metadata.integer(key(key), 1, max, otherwise);
  }

  private double real(String key, double min, double max) {
    return between(key, metadata.real(key(key)), min, max);
  }

  private double real(String key, double min, double max, double otherwise) {
    return between(key, metadata.real(key(key), otherwise), min, max);
  }

  private double between(String key, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw wrong(
          "%s=%s must be between %s and %s"
              .formatted(key(key), number(value), number(min), number(max)));
    }
    return value;
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private String key(String rest) {
    return architecture.text() + "." + rest;
  }

  private ModelFormatException wrong(String sentence) {
    return new ModelFormatException(name + ": " + sentence);
  }
}
