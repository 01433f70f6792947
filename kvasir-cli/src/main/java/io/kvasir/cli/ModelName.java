package io.kvasir.cli;

import io.kvasir.engine.hub.HubException;
import io.kvasir.engine.hub.ModelStore;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names a model, for commands that need no more than its file. */
final class ModelName {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|PATH",
      defaultValue = "smollm2-135m-instruct",
      description = "A name of kvasir models, or a .gguf file; default ${DEFAULT-VALUE}.")
  private String name = "smollm2-135m-instruct";

  /**
   * The model's file.
   *
   * @throws io.kvasir.engine.hub.HubException when there is none; says every way to get one
   */
  Path file() {
    return ModelStore.ofEnvironment().resolve(name);
  }

  /** Brings the model here, with a progress bar, unless it is here already. */
  void pull() {
    ModelStore store = ModelStore.ofEnvironment();
    try {
      store.resolve(name);
    } catch (HubException missing) {
      try (PullBar bar = new PullBar(Terminal.line(name), Bars.width())) {
        store.pull(name, bar);
      }
    }
  }
}
