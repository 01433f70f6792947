package io.kvasir.engine;

import io.kvasir.engine.gguf.GgufWriter;
import io.kvasir.kernel.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A model of two layers with random weights and a whole tokenizer, written as a real file: what it
 * says is nonsense, how it is driven is real. Tokens: unknown, {@code <s>}, {@code </s>}, the 256
 * bytes, space and the letters a to z, {@code <|im_start|>}, {@code <|im_end|>}.
 */
public final class TinyModel {
  public static final int CONTEXT = 512;
  public static final int BOS = 1;
  public static final int EOS = 2;

  /** ChatML, and a refusal of its own. */
  public static final String TEMPLATE =
      """
      {%- for m in messages %}
      {%- if m.role == 'tool' %}{{ raise_exception('No tools here!') }}{% endif %}
      {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";

  private static final int HIDDEN = 128;
  private static final int FFN = 128;
  private static final int HEADS = 4;
  private static final int KV_HEADS = 2;
  private static final int DIM = 32;

  private final Random random = new Random(11);
  private final GgufWriter out = new GgufWriter();
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> types = new ArrayList<>();

  private TinyModel() {}

  /** The model with a chat template. */
  public static GgufWriter writer() {
    return new TinyModel().write().string("tokenizer.chat_template", TEMPLATE);
  }

  /** Loads it, with a template. */
  static Model load(Path folder) {
    return load(folder, ModelOptions.DEFAULT.precision());
  }

  static Model load(Path folder, Precision precision) {
    return Model.load(
        writer().write(folder.resolve("tiny.gguf")),
        ModelOptions.DEFAULT.withThreads(2).withPrecision(precision));
  }

  private GgufWriter write() {
    vocabulary();
    out.string("general.architecture", "llama")
        .uint32("llama.block_count", 2)
        .uint32("llama.context_length", CONTEXT)
        .uint32("llama.embedding_length", HIDDEN)
        .uint32("llama.feed_forward_length", FFN)
        .uint32("llama.attention.head_count", HEADS)
        .uint32("llama.attention.head_count_kv", KV_HEADS)
        .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    matrix("token_embd.weight", HIDDEN, tokens.size());
    for (int l = 0; l < 2; l++) {
      String blk = "blk." + l + ".";
      ones(blk + "attn_norm.weight");
      matrix(blk + "attn_q.weight", HIDDEN, HEADS * DIM);
      matrix(blk + "attn_k.weight", HIDDEN, KV_HEADS * DIM);
      matrix(blk + "attn_v.weight", HIDDEN, KV_HEADS * DIM);
      matrix(blk + "attn_output.weight", HEADS * DIM, HIDDEN);
      ones(blk + "ffn_norm.weight");
      matrix(blk + "ffn_gate.weight", HIDDEN, FFN);
      matrix(blk + "ffn_up.weight", HIDDEN, FFN);
      matrix(blk + "ffn_down.weight", FFN, HIDDEN);
    }
    ones("output_norm.weight");
    matrix("output.weight", HIDDEN, tokens.size());
    return out;
  }

  private void vocabulary() {
    token("<unk>", 2);
    token("<s>", 3);
    token("</s>", 3);
    for (int b = 0; b < 256; b++) {
      token("<0x%02X>".formatted(b), 6);
    }
    token("\u2581", 1);
    for (char c = 'a'; c <= 'z'; c++) {
      token(Character.toString(c), 1);
    }
    token("<|im_start|>", 3);
    token("<|im_end|>", 3);
    out.string("tokenizer.ggml.model", "llama")
        .strings("tokenizer.ggml.tokens", tokens)
        .ints("tokenizer.ggml.token_type", types.stream().mapToInt(Integer::intValue).toArray())
        .floats("tokenizer.ggml.scores", new float[tokens.size()])
        .uint32("tokenizer.ggml.bos_token_id", BOS)
        .uint32("tokenizer.ggml.eos_token_id", EOS)
        .bool("tokenizer.ggml.add_space_prefix", false);
  }

  private void token(String text, int type) {
    tokens.add(text);
    types.add(type);
  }

  private void matrix(String name, int cols, int rows) {
    ByteBuffer data = ByteBuffer.allocate(4 * rows * cols).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * cols; i++) {
      data.putFloat((float) (random.nextGaussian() * 2 / Math.sqrt(cols)));
    }
    out.tensor(name, TensorType.F32, data.array(), cols, rows);
  }

  private void ones(String name) {
    ByteBuffer data = ByteBuffer.allocate(4 * HIDDEN).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < HIDDEN; i++) {
      data.putFloat(1);
    }
    out.tensor(name, TensorType.F32, data.array(), HIDDEN);
  }
}
