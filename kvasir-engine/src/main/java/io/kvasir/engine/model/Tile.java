package io.kvasir.engine.model;

/**
 * Buffers for the rows that pass a layer together, gapless, reused from tile to tile. They grow to
 * the largest tile seen: decoding alone needs little.
 */
final class Tile {
  private final ModelConfig config;
  private int capacity;
  private int ffnCapacity;
  int[] positions = {}; // [T]
  float[] hidden = {}; // [T][hidden], what enters a layer's matrices and what leaves them
  float[] query = {}; // [T][H*D]
  float[] key = {}; // [T][G*D]
  float[] value = {}; // [T][G*D]
  float[] attended = {}; // [T][H*D]
  float[] gate = {}; // [T][ffn], see reserveFfn
  float[] up = {}; // [T][ffn], see reserveFfn

  Tile(ModelConfig config) {
    this.config = config;
  }

  /** Bytes of the buffers for {@code rows}, with those of the feed-forward layer. */
  static long bytes(ModelConfig config, int rows) {
    LayerConfig layer = config.layers().getFirst();
    long widths = 1L + config.hidden() + 2L * config.ffn();
    widths += layer.queryWidth() + layer.keyWidth() + layer.valueWidth() + layer.outputWidth();
    return Float.BYTES * widths * rows;
  }

  /**
   * Makes room for {@code rows} in all but {@link #gate} and {@link #up}; contents are undefined
   * afterwards.
   */
  void reserve(int rows) {
    if (rows <= capacity) {
      return;
    }
    capacity = rows;
    positions = new int[rows];
    hidden = new float[rows * config.hidden()];
    LayerConfig layer = config.layers().getFirst(); // all layers have the same widths
    query = new float[rows * layer.queryWidth()];
    key = new float[rows * layer.keyWidth()];
    value = new float[rows * layer.valueWidth()];
    attended = new float[rows * layer.outputWidth()];
  }

  /** Makes room in those two, which prompts in bf16 do without. */
  void reserveFfn(int rows) {
    if (rows <= ffnCapacity) {
      return;
    }
    ffnCapacity = rows;
    gate = new float[rows * config.ffn()];
    up = new float[rows * config.ffn()];
  }
}
