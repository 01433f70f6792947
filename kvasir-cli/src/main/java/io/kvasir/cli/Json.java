package io.kvasir.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in and out: key order kept, 1 and 1.0 kept apart, depth and lengths limited, a key that
 * stands twice refused. Components of records are written in snake case.
 */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxStringLength(200_000_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private Json() {}

  /** One line of JSON; records, maps, lists, numbers and strings. */
  static String line(@Nullable Object value) {
    return wellFormed(MAPPER.writeValueAsString(value));
  }

  /** The beginning of a value as JSON, for a sentence about it. */
  static String shorten(@Nullable Object value) {
    String text = line(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  /** Indented, for people. */
  static String pretty(Object value) {
    return wellFormed(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
  }

  /**
   * Half a surrogate pair has no UTF-8, as an escape it comes through; and of the control
   * characters JSON itself only has the first 32 escaped.
   */
  private static String wellFormed(String json) {
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
              if (half || c >= 0x7f && c <= 0x9f) {
                out.append("\\u%04x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  /**
   * Reads one JSON object. Its integers are {@link Long}, or {@link java.math.BigInteger} beyond 64
   * bits.
   *
   * @throws UsageException when the text is anything else
   */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    Object value;
    try {
      value = widened(MAPPER.readValue(text, Object.class));
    } catch (JacksonException e) {
      throw new UsageException(sentence(e));
    }
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new UsageException("expected a JSON object, found " + shorten(value));
  }

  /** Reads what {@link #line} wrote of a record; keys that it does not have are passed over. */
  static <T> T read(String text, Class<T> type) {
    return MAPPER.readValue(text, type);
  }

  /** Jackson chooses the narrowest type per number; its setting for longs refuses wider ones. */
  @SuppressWarnings("unchecked")
  private static @Nullable Object widened(@Nullable Object value) {
    switch (value) {
      case Integer number -> {
        return number.longValue();
      }
      case List<?> list -> ((List<@Nullable Object>) list).replaceAll(Json::widened);
      case Map<?, ?> map ->
          ((Map<String, @Nullable Object>) map).replaceAll((key, item) -> widened(item));
      case null, default -> {}
    }
    return value;
  }

  /** Jackson's message up to where it begins to speak of its own classes and settings. */
  private static String sentence(JacksonException e) {
    if (e instanceof StreamConstraintsException) {
      return "the JSON is nested too deep, or a text or number in it is too long";
    }
    return "not JSON: %s, line %d, column %d"
        .formatted(
            e.getOriginalMessage().split(" \\(|: ", 2)[0],
            e.getLocation().getLineNr(),
            e.getLocation().getColumnNr());
  }
}
