package io.kvasir.eval.data;

import io.kvasir.eval.InputException;
import io.kvasir.kv.Quote;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One object of a JSON Lines file, or one inside of it. Whatever is wrong is said with file, line
 * and field.
 */
final class JsonLine {
  private static final int DEEPEST = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(1 << 28)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String place;
  private final String path; // of the fields' names: "" or "multi_turns[2]."
  private final JsonNode object;

  private JsonLine(String place, String path, JsonNode object) {
    this.place = place;
    this.path = path;
    this.object = object;
  }

  /**
   * @param place {@code file:line}
   * @throws InputException when the text is no JSON object
   */
  static JsonLine parse(String place, String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        throw new InputException(
            "%s: expected an object in braces, found %s".formatted(place, kind(node)));
      }
      return new JsonLine(place, "", node);
    } catch (JacksonException e) {
      throw new InputException(
          "%s: not JSON at character %d: %s"
              .formatted(place, e.getLocation().getColumnNr(), e.getOriginalMessage()));
    }
  }

  String place() {
    return place;
  }

  boolean has(String field) {
    return object.has(field);
  }

  List<String> fields() {
    return List.copyOf(object.propertyNames());
  }

  String string(String field) {
    JsonNode value = required(field, "a string");
    if (!value.isString()) {
      throw wrong(field, value, "a string");
    }
    return value.stringValue();
  }

  Optional<String> stringIfAny(String field) {
    return absent(field) ? Optional.empty() : Optional.of(string(field));
  }

  /** A number that may be left out, at least 1. */
  OptionalInt countIfAny(String field) {
    if (absent(field)) {
      return OptionalInt.empty();
    }
    JsonNode value = required(field, "a number");
    if (!value.isInt() || value.intValue() < 1) {
      throw wrong(field, value, "a whole number of at least 1");
    }
    return OptionalInt.of(value.intValue());
  }

  /** A text, or several: strings or numbers, alone or in a list of at least one. */
  List<String> texts(String field) {
    String expected = "a string or a list of strings";
    JsonNode value = required(field, expected);
    List<JsonNode> all = value.isArray() ? List.copyOf(value.values()) : List.of(value);
    if (all.isEmpty()) {
      throw new InputException(
          "%s: field \"%s\" is an empty list; expected at least one string"
              .formatted(place, path + field));
    }
    for (JsonNode one : all) {
      if (!one.isString() && !one.isNumber()) {
        throw wrong(field, one, expected);
      }
    }
    return all.stream().map(JsonNode::asString).toList();
  }

  List<String> textsIfAny(String field) {
    return absent(field) ? List.of() : texts(field);
  }

  /** A list of at least one object. */
  List<JsonLine> objects(String field) {
    String expected = "a list of objects";
    JsonNode value = required(field, expected);
    List<JsonNode> all = value.isArray() ? List.copyOf(value.values()) : List.of();
    if (all.isEmpty()) {
      throw wrong(field, value, expected);
    }
    return Stream.iterate(0, i -> i + 1)
        .limit(all.size())
        .map(
            i -> {
              if (!all.get(i).isObject()) {
                throw wrong("%s[%d]".formatted(field, i), all.get(i), "an object");
              }
              return new JsonLine(place, "%s[%d].".formatted(field, i), all.get(i));
            })
        .toList();
  }

  /** A refusal of a field's value. */
  InputException refused(String field, String message) {
    return new InputException(
        "%s: field \"%s\" %s".formatted(place, path + Quote.bare(field), message));
  }

  private boolean absent(String field) {
    JsonNode value = object.get(field);
    return value == null || value.isNull();
  }

  private JsonNode required(String field, String expected) {
    JsonNode value = object.get(field);
    if (value == null) {
      throw refused(field, "is missing; expected " + expected);
    }
    return value;
  }

  private InputException wrong(String field, JsonNode found, String expected) {
    return refused(field, "is %s; expected %s".formatted(kind(found), expected));
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "the string " + Quote.of(node.stringValue());
      case NUMBER -> "the number " + Quote.bare(node.asString());
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default -> node.toString(); // true, false, null
    };
  }
}
