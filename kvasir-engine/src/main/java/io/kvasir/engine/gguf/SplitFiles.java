package io.kvasir.engine.gguf;

import io.kvasir.engine.ModelFormatException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a model: one, or several as llama.cpp's gguf-split writes them. Each of these is a
 * GGUF file of its own, called by a {@link SplitName}, with the values {@code split.no} (from 0),
 * {@code split.count} and {@code split.tensors.count} (of all parts); the first one has all other
 * values.
 */
final class SplitFiles {
  private static final String TENSORS = "split.tensors.count";

  private SplitFiles() {}

  /**
   * Opens all files of the model that {@code path} belongs to.
   *
   * @return the parts in order
   * @throws ModelFormatException a file is unsound or missing, or the files contradict each other
   */
  static List<Part> open(Path path) {
    List<Part> opened = new ArrayList<>();
    boolean done = false;
    try {
      Part given = open(path, opened);
      int count = given.split().count();
      List<Part> parts = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        parts.add(number == given.split().number() ? given : sibling(given, number, opened));
      }
      checkTensors(parts);
      done = true;
      return List.copyOf(parts);
    } finally {
      if (!done) {
        opened.forEach(Part::close);
      }
    }
  }

  /** Opens one file and adds it to those that must be closed. */
  private static Part open(Path path, List<Part> opened) {
    MappedFile file = MappedFile.open(path);
    boolean done = false;
    try {
      Part part = PartReader.read(file);
      checkName(part);
      opened.add(part);
      done = true;
      return part;
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  private static void checkName(Part part) {
    Split split = part.split();
    String ending = new SplitName("", split.number() + 1, split.count()).toString();
    if (split.count() > 1 && !name(part).endsWith(ending)) {
      throw part.file()
          .refusal(
              "split.no is %d of %d, expected a name that ends in %s"
                  .formatted(split.number(), split.count(), ending));
    }
  }

  private static Part sibling(Part given, int number, List<Part> opened) {
    SplitName name = SplitName.parse(name(given)).orElseThrow(); // it was checked
    int count = given.split().count();
    Path path = given.file().path().resolveSibling(name.numbered(number + 1).toString());
    Part part;
    try {
      part = open(path, opened);
    } catch (UncheckedIOException e) {
      throw new ModelFormatException(
          "%s: one of its %d parts is missing, expected it at %s"
              .formatted(given.file().path(), count, path),
          e);
    }
    // Its name, and so its number, was compared with its values.
    if (part.split().count() != count) {
      throw part.file()
          .refusal("it is one whole model, expected part %d of %d".formatted(number + 1, count));
    }
    return part;
  }

  private static String name(Part part) {
    return part.file().path().getFileName().toString();
  }

  private static void checkTensors(List<Part> parts) {
    Map<String, Part> holders = new HashMap<>();
    for (Part part : parts) {
      for (TensorInfo tensor : part.tensors()) {
        Part other = holders.put(tensor.name(), part);
        if (other != null) {
          throw part.file()
              .refusal("the tensor %s is in %s, too".formatted(tensor.name(), other.file().path()));
        }
      }
    }
    if (parts.size() == 1) {
      return; // a merged model may have kept the count of one of its parts
    }
    for (Part part : parts) {
      long count = part.metadata().integer(TENSORS, 0, Integer.MAX_VALUE);
      if (count != holders.size()) {
        throw part.file()
            .refusal(
                "%s is %d, expected %d, the tensors of its %d parts"
                    .formatted(TENSORS, count, holders.size(), parts.size()));
      }
    }
  }
}
