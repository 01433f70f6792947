package io.kvasir.cli.bench;

import io.kvasir.engine.Arithmetic;
import io.kvasir.engine.Model;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Role;
import io.kvasir.kernel.probe.MachineLimits;
import io.kvasir.kv.KvCache;
import io.kvasir.kv.LayerShape;

/**
 * What a test computes and reads at least, and how long that takes at the machine's limits. An
 * operation is a multiplication or an addition, of products with weights and of attention.
 *
 * @param promptOperations of its prompt
 * @param stepOperations of all its decoded tokens
 * @param stepBytes that all its decoding steps read: weights and cache once a step
 * @param promptLimit operations per second that prompts can have
 * @param stepLimit operations per second that decoded tokens can have
 * @param memoryLimit bytes per second
 */
record Work(
    double promptOperations,
    double stepOperations,
    double stepBytes,
    double promptLimit,
    double stepLimit,
    double memoryLimit) {

  /**
   * Counts a test.
   *
   * @param before the cache it begins with; sequences of a batch share its pages
   * @param bytesAfter of all its sequences in the end, shared pages counted in each
   */
  static Work of(
      Model model, MachineLimits limits, BenchCase test, KvCache before, long bytesAfter) {
    double grown = bytesAfter - (double) test.parallel() * before.bytes();
    double bytes = model.weightBytesPerStep() + before.bytes() + grown / 2;
    return new Work(
        operations(model.config(), before, 0, test.prompt(), Math.min(1, test.prompt())),
        test.parallel()
            * operations(model.config(), before, test.prompt(), test.generated(), test.generated()),
        test.generated() * bytes,
        limit(limits, model.arithmetic(Role.PROMPT)),
        limit(limits, model.arithmetic(Role.DECODED)),
        limits.memory());
  }

  /** Seconds at the limits; a step takes as long as the slower of reading and computing. */
  double seconds() {
    return promptOperations / promptLimit
        + Math.max(stepBytes / memoryLimit, stepOperations / stepLimit);
  }

  private static double limit(MachineLimits limits, Arithmetic arithmetic) {
    return switch (arithmetic) {
      case F32 -> limits.f32();
      case INT8 -> limits.int8();
      case BF16 -> limits.bf16().orElseGet(limits::f32);
    };
  }

  /**
   * Operations of {@code rows} tokens after {@code after} others that follow what is stored.
   *
   * @param logits rows whose logits are wanted
   */
  private static double operations(
      ModelConfig config, KvCache stored, int after, int rows, int logits) {
    double operations = 2.0 * config.hidden() * config.vocabularySize() * logits;
    for (int l = 0; l < config.layers().size(); l++) {
      LayerShape layer = config.layers().get(l).attention();
      operations += rows * weightsOperations(config, layer);
      for (int g = 0; g < layer.kvHeads() && rows > 0; g++) {
        long pairs = pairs(stored.positions(l, g).length + after, rows, layer.window());
        operations += 2.0 * (layer.keyDim() + layer.valueDim()) * layer.groupSize() * pairs;
      }
    }
    return operations;
  }

  /** Of one token's products with one layer's weights. */
  private static double weightsOperations(ModelConfig config, LayerShape layer) {
    double attention =
        layer.queryHeads() * (layer.keyDim() + layer.valueDim())
            + layer.kvHeads() * (layer.keyDim() + layer.valueDim());
    return 2.0 * config.hidden() * (attention + 3.0 * config.ffn());
  }

  /** Pairs of a query and a key it sees: each row sees what is stored, the rows before, itself. */
  static long pairs(int stored, int rows, int window) {
    long pairs = 0;
    for (int r = 1; r <= rows; r++) {
      pairs += window == 0 ? stored + r : Math.min(window, stored + r);
    }
    return pairs;
  }
}
