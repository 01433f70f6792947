package io.kvasir.eval.claim;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Nearest;
import io.kvasir.kv.Quote;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value in a YAML file. Whatever is wrong with it is said with file and line. */
final class Yaml {
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int DEEPEST = 8;

  private final String file;
  private final Node node;

  private Yaml(String file, Node node) {
    this.file = file;
    this.node = node;
  }

  /**
   * The one document of a text.
   *
   * @param file what the text is called in refusals
   * @throws InputException when it is not YAML, is empty, too long or nested too deeply
   */
  static Yaml parse(String file, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(MOST_CHARACTERS).build();
    try {
      requireShallow(file, new Parse(settings).parseString(text)); // composing recurses
      return new Compose(settings)
          .composeString(text)
          .map(node -> new Yaml(file, node))
          .orElseThrow(() -> new InputException(file + " is empty; expected a list of claims"));
    } catch (MarkedYamlEngineException e) {
      throw new InputException(
          "%s: not YAML: %s".formatted(place(file, e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      throw new InputException("%s: not YAML: %s".formatted(file, e.getMessage()));
    }
  }

  private static void requireShallow(String file, Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      if (depth > DEEPEST) {
        throw new InputException(
            "%s: nested deeper than %d".formatted(place(file, event.getStartMark()), DEEPEST));
      }
    }
  }

  /** {@code file:line}, counted from 1. */
  String place() {
    return place(file, node.getStartMark());
  }

  private static String place(String file, Optional<Mark> mark) {
    return file + mark.map(m -> ":" + (m.getLine() + 1)).orElse("");
  }

  InputException refused(String message) {
    return new InputException(place() + ": " + message);
  }

  /** A number, a word, a quoted text; never blank. */
  String text() {
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      throw refused("expected a text, found " + kind());
    }
    return scalar.getValue().strip();
  }

  /** Values in brackets or behind dashes; a single text stands for a list of one. */
  List<Yaml> list() {
    return node instanceof SequenceNode sequence
        ? sequence.getValue().stream().map(element -> new Yaml(file, element)).toList()
        : List.of(this);
  }

  /** As {@link #map()}, with these keys only. */
  Map<String, Yaml> map(Collection<String> known) {
    Map<String, Yaml> values = map();
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            List<String> near = Nearest.to(key, known);
            throw value.refused(
                "unknown key %s%s; known: %s"
                    .formatted(
                        Quote.of(key),
                        near.isEmpty() ? "" : ", nearest: " + String.join(", ", near),
                        String.join(", ", known)));
          }
        });
    return values;
  }

  /** Keys and values, in order. */
  Map<String, Yaml> map() {
    if (!(node instanceof MappingNode mapping)) {
      throw refused("expected keys and values, found " + kind());
    }
    Map<String, Yaml> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Yaml key = new Yaml(file, tuple.getKeyNode());
      if (values.put(key.text(), new Yaml(file, tuple.getValueNode())) != null) {
        throw key.refused("key %s stands twice; expected once".formatted(Quote.of(key.text())));
      }
    }
    return values;
  }

  /** What it says, however it is laid out: with other breaks, quotes or comments it is the same. */
  String canonical() {
    return switch (node) {
      case SequenceNode sequence -> list().stream().map(Yaml::canonical).toList().toString();
      case MappingNode mapping ->
          map().entrySet().stream()
              .map(entry -> entry.getKey() + ": " + entry.getValue().canonical())
              .toList()
              .toString();
      default -> text();
    };
  }

  private String kind() {
    return switch (node) {
      case SequenceNode list -> "a list";
      case MappingNode map -> "keys and values";
      case ScalarNode scalar -> scalar.getValue().isBlank() ? "nothing" : "a text";
      default -> throw new AssertionError(node.getNodeType());
    };
  }
}
