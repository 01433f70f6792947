package io.kvasir.engine.model;

import io.kvasir.engine.ModelFormatException;
import io.kvasir.engine.gguf.GgufFile;
import io.kvasir.engine.gguf.Metadata;
import io.kvasir.engine.gguf.Shown;
import io.kvasir.engine.gguf.TensorInfo;
import io.kvasir.kv.LayerShape;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

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

  private static final String TOKENS = "tokenizer.ggml.tokens";
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
    int context = integer("context_length", MAX_CONTEXT);
    LayerShape attention = attention(hidden, layers);
    Rope rope = rope(attention.keyDim());
    return new ModelConfig(
        architecture,
        context,
        vocabulary(),
        hidden,
        integer("feed_forward_length", MAX_WIDTH),
        (float) real("attention.layer_norm_rms_epsilon", 1e-30, 1),
        architecture == Architecture.GEMMA3 ? (float) Math.sqrt(hidden) : 1,
        layers(layers, attention, rope, context));
  }

  private int layers() {
    int layers = integer("block_count", Integer.MAX_VALUE);
    if (layers > file.tensors().size()) {
      throw wrong(
          "%s is %d, expected at most the file's %d tensors"
              .formatted(key("block_count"), layers, file.tensors().size()));
    }
    return layers;
  }

  private LayerShape attention(int hidden, int layers) {
    int heads = integer("attention.head_count", MAX_WIDTH);
    int kvHeads = integer("attention.head_count_kv", MAX_WIDTH, heads);
    if (heads % kvHeads != 0) {
      throw wrong(
          "%s is %d, expected a multiple of %s, which is %d"
              .formatted(
                  key("attention.head_count"), heads, key("attention.head_count_kv"), kvHeads));
    }
    int keyDim = headDim("attention.key_length", hidden, heads);
    int valueDim = headDim("attention.value_length", hidden, heads);
    if (keyDim % 2 != 0) {
      throw wrong(
          "the head dim is %d (%s), expected an even number: it is rotated in pairs"
              .formatted(keyDim, key("attention.key_length")));
    }
    long width = (long) heads * Math.max(keyDim, valueDim);
    if (width > MAX_WIDTH) {
      throw wrong(
          "%d heads of %d elements make %d (%s), expected at most %d"
              .formatted(
                  heads,
                  Math.max(keyDim, valueDim),
                  width,
                  key("attention.head_count"),
                  MAX_WIDTH));
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
          "%s is %d, expected a divisor of %s, which is %d, or a %s"
              .formatted(
                  key("attention.head_count"), heads, key("embedding_length"), hidden, key(key)));
    }
    return hidden / heads;
  }

  private Rope rope(int keyDim) {
    int dim = integer("rope.dimension_count", MAX_WIDTH, keyDim);
    if (dim != keyDim) {
      throw wrong(
          "%s is %d, expected the head dim, which is %d"
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
              "%s is \"%s\", expected none or linear"
                  .formatted(key("rope.scaling.type"), Shown.name(type)));
    };
  }

  /**
   * Gemma 3 has a sliding window in all layers but every sixth, and these layers rotate as if
   * nothing were scaled. Elsewhere a window, where the file demands one, is in all layers.
   */
  private List<LayerConfig> layers(int layers, LayerShape attention, Rope rope, int context) {
    String window = "attention.sliding_window";
    if (architecture != Architecture.GEMMA3) {
      long tokens = metadata.integer(key(window), 0, Integer.MAX_VALUE, 0);
      return Collections.nCopies(layers, new LayerConfig(within(tokens, attention, context), rope));
    }
    double localBase = real("rope.freq_base_swa", 1, 1e12, GEMMA_LOCAL_BASE);
    LayerConfig global = new LayerConfig(attention, rope);
    LayerConfig local =
        new LayerConfig(
            within(integer(window, Integer.MAX_VALUE), attention, context),
            new Rope(rope.pairs(), rope.dim(), localBase, 1, false));
    int pattern = integer("attention.sliding_window_pattern", Integer.MAX_VALUE, GEMMA_PATTERN);
    return IntStream.range(0, layers)
        .mapToObj(l -> l % pattern == pattern - 1 ? global : local)
        .toList();
  }

  /** A window that no sequence outgrows is none. */
  private static LayerShape within(long window, LayerShape full, int context) {
    return new LayerShape(
        full.queryHeads(),
        full.kvHeads(),
        full.keyDim(),
        full.valueDim(),
        window < context ? (int) window : 0,
        full.scale());
  }

  /** V, on which the embedding, the list of tokens and the parameter must agree. */
  private int vocabulary() {
    TensorInfo embedding =
        file.tensor(ModelTensors.EMBEDDING)
            .orElseThrow(() -> wrong("tensor " + ModelTensors.EMBEDDING + " is missing"));
    long rows = embedding.shape().size() == 2 ? embedding.shape().get(1) : 0;
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      throw wrong(
          "tensor %s has shape %s, expected [%s, tokens]"
              .formatted(ModelTensors.EMBEDDING, embedding.shape(), key("embedding_length")));
    }
    metadata.integer(key("vocab_size"), rows, rows, rows);
    if (metadata.has(TOKENS) && metadata.utf8(TOKENS).size() != rows) {
      throw wrong(
          "%s has %d entries, expected %d, the rows of %s"
              .formatted(TOKENS, metadata.utf8(TOKENS).size(), rows, ModelTensors.EMBEDDING));
    }
    return (int) rows;
  }

  /** Parts of other models that would change what is computed, if they were overlooked. */
  private void refuseForeignParts() {
    metadata.integer(key("expert_count"), 0, 0, 0);
    expect("attn_logit_softcapping", 0);
    expect("final_logit_softcapping", 0);
    expect("logit_scale", 1);
    expect("residual_scale", 1);
    expect("attention.clamp_kqv", 0);
    if (!metadata.bool(key("attention.causal"), true)) {
      throw wrong(key("attention.causal") + " is false, expected true");
    }
  }

  private void expect(String key, double only) {
    double value = metadata.real(key(key), only);
    if (value != only) {
      throw wrong("%s is %s, expected %s".formatted(key(key), value, only));
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
    if (value < min || value > max) {
      throw wrong("%s is %s, expected %s to %s".formatted(key(key), value, min, max));
    }
    return value;
  }

  private String key(String rest) {
    return architecture.text() + "." + rest;
  }

  private ModelFormatException wrong(String sentence) {
    return new ModelFormatException(name + ": " + sentence);
  }
}
