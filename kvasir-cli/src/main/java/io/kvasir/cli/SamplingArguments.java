package io.kvasir.cli;

import io.kvasir.engine.GenerationOptions;
import io.kvasir.engine.sample.Sampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how a model continues, and when it stops. */
final class SamplingArguments {
  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "Tokens at most; default ${DEFAULT-VALUE}.")
  private int maxTokens = 256;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description =
          "0 (default): always the most probable token; above: drawn, the wilder the higher.")
  private double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Draw among the K most probable tokens; default 0: all.")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description = "Draw among the most probable tokens that reach P together; default 1: all.")
  private double topP = 1;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Leave out what has less than P times the best one's probability; default 0: nothing.")
  private double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      defaultValue = "1",
      description = "Above 1: what was said lately becomes less probable; default 1.")
  private double repetitionPenalty = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Of the random draws: same seed, same text; default 0.")
  private long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the text, and is not part of it; may be given several times.")
  private List<String> stop = new ArrayList<>();

  /**
   * @throws IllegalArgumentException names the value that is out of range
   */
  GenerationOptions options() {
    return GenerationOptions.DEFAULT
        .withMaxTokens(maxTokens)
        .withTemperature(temperature)
        .withTopK(topK)
        .withTopP(topP)
        .withMinP(minP)
        .withRepetitionPenalty(repetitionPenalty)
        .withSeed(seed)
        .withStop(stop);
  }

  /**
   * The options of one batch line.
   *
   * @param options for what the line leaves out
   */
  static GenerationOptions override(GenerationOptions options, Request line) {
    Sampling sampling = options.sampling();
    return options
        .withMaxTokens(line.integer("max_tokens", 0, Integer.MAX_VALUE, options.maxTokens()))
        .withTemperature(line.real("temperature", sampling.temperature()))
        .withTopK(line.integer("top_k", 0, Integer.MAX_VALUE, sampling.topK()))
        .withTopP(line.real("top_p", sampling.topP()))
        .withMinP(line.real("min_p", sampling.minP()))
        .withRepetitionPenalty(line.real("repetition_penalty", sampling.repetitionPenalty()))
        .withSeed(line.seed("seed", sampling.seed()))
        .withStop(line.has("stop") ? line.strings("stop") : options.stop())
        .withIgnoreEos(line.bool("ignore_eos", options.ignoreEos()));
  }
}
