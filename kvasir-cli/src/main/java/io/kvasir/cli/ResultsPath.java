package io.kvasir.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A file of results, or the directory that {@code kvasir eval --out} left it in. */
final class ResultsPath implements ITypeConverter<Path> {
  /** What {@code kvasir eval} calls it. */
  static final String NAME = "results.duckdb";

  @Override
  public Path convert(String text) {
    Path path = Path.of(text);
    return Files.isDirectory(path) ? path.resolve(NAME) : path;
  }
}
