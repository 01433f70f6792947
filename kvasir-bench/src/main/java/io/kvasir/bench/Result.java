package io.kvasir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One line of a result file, as the scripts in {@code bench/} write them. */
record Result(JsonNode fields) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * All lines of all {@code .jsonl} files of a folder, in the order of the files' names.
   *
   * @throws UncheckedIOException one cannot be read
   */
  static List<Result> all(Path folder) {
    List<Result> results = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        Files.readAllLines(file).stream().map(Result::parse).forEach(results::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read results in " + folder, e);
    }
    return results;
  }

  static Result parse(String line) {
    return new Result(MAPPER.readTree(line));
  }

  String kind() {
    return text("kind");
  }

  /** A field as text; empty when it is not there. */
  String text(String field) {
    return fields.path(field).asString("");
  }

  /** A field as a number; 0 when it is not there. */
  double number(String field) {
    return fields.path(field).asDouble(0);
  }

  /** The model file's name without folder and ending. */
  String model() {
    String name = text("model_filename").isEmpty() ? text("model") : text("model_filename");
    return name.replaceFirst(".*/", "").replaceFirst("[.]gguf$", "");
  }

  /** The test as llama-bench writes it: {@code tg32 @ d4096}. */
  String test() {
    String test =
        number("n_prompt") > 0
            ? "pp%.0f".formatted(number("n_prompt"))
            : "tg%.0f".formatted(number("n_gen"));
    if (number("pl") > 1) {
      test += " x%.0f".formatted(number("pl"));
    }
    return number("n_depth") > 0 ? test + " @ d%.0f".formatted(number("n_depth")) : test;
  }

  /** A plan without the parameters that were not chosen: {@code snapkv(keep=25%)}. */
  String plan() {
    return text("kv").replaceAll(",(window|kernel|pool|group|residual)=[^,)]*", "");
  }

  boolean isKvasir() {
    return text("program").isEmpty() || text("program").equals("kvasir");
  }
}
