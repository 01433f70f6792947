package io.kvasir.cli;

import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.kernel.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A model of two layers and random weights whose tokens are bytes: 4 query heads and 2 KV heads of
 * dim 32 in each layer. It knows nothing, and answers at once.
 */
final class SmallModel {
  static final String TEMPLATE =
      "{% for m in messages %}[{{ m.role }}]{{ m.content }}\n{% endfor %}"
          + "{% if add_generation_prompt %}[assistant]{% endif %}";

  private static final int LAYERS = 2;
  private static final int HIDDEN = 128;
  private static final int KV_WIDTH = 64;
  private static final int FFN = 64;

  private final Random random = new Random(7);
  private final GgufWriter out = new GgufWriter();

  private SmallModel() {}

  /** Writes one with a chat template. */
  static Path write(Path file, int context) {
    return writer("llama", context).string("tokenizer.chat_template", TEMPLATE).write(file);
  }

  /** One without a template, to be changed before it is written. */
  static GgufWriter writer(String architecture, int context) {
    SmallModel model = new SmallModel();
    int vocabulary = model.tokenizer();
    model.config(architecture + ".", architecture, context);
    model.tensors(architecture.equals("gemma3"), vocabulary);
    return model.out;
  }

  private int tokenizer() {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    List<Integer> types = new ArrayList<>(List.of(2, 3, 3));
    for (int b = 0; b < 256; b++) {
      tokens.add("<0x%02X>".formatted(b));
      types.add(6);
    }
    tokens.add("\u2581"); // a space
    types.add(1);
    out.string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", tokens)
        .ints("tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray())
        .floats("tokenizer.ggml.scores", new float[tokens.size()])
        .uint32("tokenizer.ggml.unknown_token_id", 0)
        .uint32("tokenizer.ggml.bos_token_id", 1)
        .uint32("tokenizer.ggml.eos_token_id", 2)
        .bool("tokenizer.ggml.add_bos_token", false)
        .bool("tokenizer.ggml.add_space_prefix", false);
    return tokens.size();
  }

  private void config(String prefix, String architecture, int context) {
    out.string("general.architecture", architecture)
        .uint32(prefix + "block_count", LAYERS)
        .uint32(prefix + "context_length", context)
        .uint32(prefix + "embedding_length", HIDDEN)
        .uint32(prefix + "feed_forward_length", FFN)
        .uint32(prefix + "attention.head_count", 4)
        .uint32(prefix + "attention.head_count_kv", 2)
        .uint32(prefix + "attention.key_length", 32)
        .uint32(prefix + "attention.value_length", 32)
        .float32(prefix + "attention.layer_norm_rms_epsilon", 1e-5f)
        .float32(prefix + "rope.freq_base", 10_000);
    if (architecture.equals("gemma3")) {
      out.uint32(prefix + "attention.sliding_window", 7);
    }
  }

  private void tensors(boolean gemma, int vocabulary) {
    tensor("token_embd.weight", HIDDEN, vocabulary);
    norm("output_norm.weight", HIDDEN);
    for (int l = 0; l < LAYERS; l++) {
      String block = "blk." + l + ".";
      norm(block + "attn_norm.weight", HIDDEN);
      tensor(block + "attn_q.weight", HIDDEN, HIDDEN);
      tensor(block + "attn_k.weight", HIDDEN, KV_WIDTH);
      tensor(block + "attn_v.weight", HIDDEN, KV_WIDTH);
      tensor(block + "attn_output.weight", HIDDEN, HIDDEN);
      norm(block + "ffn_norm.weight", HIDDEN);
      tensor(block + "ffn_gate.weight", HIDDEN, FFN);
      tensor(block + "ffn_up.weight", HIDDEN, FFN);
      tensor(block + "ffn_down.weight", FFN, HIDDEN);
      if (gemma) {
        norm(block + "attn_q_norm.weight", 32);
        norm(block + "attn_k_norm.weight", 32);
        norm(block + "post_attention_norm.weight", HIDDEN);
        norm(block + "post_ffw_norm.weight", HIDDEN);
      }
    }
  }

  private void norm(String name, int n) {
    ByteBuffer data = ByteBuffer.allocate(4 * n).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      data.putFloat(1);
    }
    out.tensor(name, TensorType.F32, data.array(), n);
  }

  private void tensor(String name, int cols, int rows) {
    ByteBuffer data = ByteBuffer.allocate(4 * cols * rows).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < cols * rows; i++) {
      data.putFloat((float) (random.nextGaussian() / Math.sqrt(cols)));
    }
    out.tensor(name, TensorType.F32, data.array(), cols, rows);
  }
}
