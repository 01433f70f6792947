package io.kvasir.cli;

import io.kvasir.engine.hub.ModelStore;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir pull NAME}: brings a model here, and prints where it is. */
@Command(
    name = "pull",
    description = {
      "Brings a model here, and prints its path.",
      "One that is here already is not fetched again; a broken download continues where it ended.",
    },
    mixinStandardHelpOptions = true)
final class PullCommand implements Runnable {
  @Parameters(
      paramLabel = "NAME",
      description = "A name of kvasir models, or owner/repo[:file.gguf] of the Hugging Face hub.")
  private String name = "";

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  private record Pulled(String name, String path) {}

  @Override
  public void run() {
    Path path;
    try (PullBar bar = new PullBar(Terminal.line(name), Bars.width())) {
      path = ModelStore.ofEnvironment().pull(name, bar);
    }
    System.out.println(json ? Json.pretty(new Pulled(name, path.toString())) : path);
  }
}
