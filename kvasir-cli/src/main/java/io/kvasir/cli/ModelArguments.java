package io.kvasir.cli;

import io.kvasir.engine.Model;
import io.kvasir.engine.ModelFile;
import io.kvasir.engine.ModelOptions;
import io.kvasir.engine.Precision;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which model runs, and how. */
final class ModelArguments {
  @Mixin private ModelName name = new ModelName();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute; default: one per processor. Results do not depend on it.")
  private Optional<Integer> threads = Optional.empty();

  @Option(
      names = "--ctx",
      paramLabel = "N",
      description = "Tokens that prompt and answer may have; default: what the model was made for.")
  private Optional<Integer> context = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "exact|fast",
      description =
          "exact: activations stay f32 (default of score, perplexity and inspect); fast: they may"
              + " be rounded (default elsewhere).")
  private Optional<Precision> precision = Optional.empty();

  ModelName name() {
    return name;
  }

  /**
   * How the model is to be loaded.
   *
   * @param otherwise the precision, when the user names none
   * @throws IllegalArgumentException names the value that is out of range
   */
  ModelOptions options(Precision otherwise) {
    ModelOptions options =
        ModelOptions.DEFAULT
            .withPrecision(precision.orElse(otherwise))
            .withRehearsal(Boolean.getBoolean("kvasir.rehearsal"));
    if (threads.isPresent()) {
      options = options.withThreads(threads.get());
    }
    return context.isPresent() ? options.withContext(context.get()) : options;
  }

  /**
   * Loads the model, with a progress bar when that takes long.
   *
   * @param otherwise the precision, when the user names none
   */
  Model load(Precision otherwise) {
    try (ModelFile file = ModelFile.open(name.file())) {
      return load(file, otherwise);
    }
  }

  /** Loads the model in a precision, whatever the user named. */
  Model loadIn(Precision wanted) {
    try (ModelFile file = ModelFile.open(name.file())) {
      return load(file, options(wanted).withPrecision(wanted));
    }
  }

  /** The same as {@link #load(Precision)} from a file that is open already. */
  Model load(ModelFile file, Precision otherwise) {
    return load(file, options(otherwise));
  }

  private static Model load(ModelFile file, ModelOptions options) {
    try (Progress progress = new Progress("loading", " MB", 1_000_000)) {
      return file.load(options.withListener(progress::to));
    }
  }
}
