package io.kvasir.cli;

import io.kvasir.engine.ModelFile;
import io.kvasir.engine.model.ModelConfig;
import io.kvasir.engine.model.Transformer;
import io.kvasir.eval.cost.CostOrder;
import io.kvasir.eval.cost.CostRun;
import io.kvasir.eval.cost.CostSample;
import java.nio.file.Path;
import java.util.List;

/**
 * Has plans measured in processes of their own, {@code eval measure}.
 *
 * @param model its file
 * @param config of that
 * @param threads that compute
 * @param alive called often; may throw to end it
 */
record CostProcess(Path model, ModelConfig config, int threads, Runnable alive)
    implements CostRun.Meter {
  /** Of the JVM, the vocabulary, and what a prefill holds but once. */
  private static final long HEAP = 384L << 20;

  /** What such a process reads, as one line of JSON. */
  record Task(String model, int threads, CostOrder order) {}

  static CostProcess of(ModelFile file, int threads, Runnable alive) {
    return new CostProcess(file.path(), file.config(), threads, alive);
  }

  @Override
  public CostSample measure(CostOrder order) {
    Task task = new Task(model.toAbsolutePath().toString(), threads, order);
    OwnProcess process = new OwnProcess(heap(order.prompt().size()), List.of("eval", "measure"));
    return Json.read(process.run(Json.line(task), alive), CostSample.class);
  }

  /** A heap that is resident from the beginning, so that it is no part of what a plan costs. */
  private List<String> heap(int tokens) {
    long bytes = HEAP + 2 * Transformer.prefillHeapBytes(config, tokens);
    String size = Math.ceilDiv(bytes, 1 << 20) + "m";
    return List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch");
  }
}
