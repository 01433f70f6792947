package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Renders the snippets of the tests' tables with one context. */
final class Snippets {
  private static final LocalDateTime NOW = LocalDateTime.parse("2025-07-04T09:08:07");

  private Snippets() {}

  /** In tables, ⏎ ␍ ⇥ ␁ stand for newline, return, tab and code 1. */
  static void check(String template, String expected) {
    assertThat(render(plain(template))).isEqualTo(plain(expected));
  }

  private static String plain(String shown) {
    return shown.replace('⏎', '\n').replace('␍', '\r').replace('⇥', '\t').replace('␁', '\u0001');
  }

  static String render(String template) {
    return ChatTemplate.parse(template).render(context(), NOW);
  }

  static Map<String, @Nullable Object> context() {
    List<Object> messages = new ArrayList<>();
    messages.add(message("system", " Be brief. "));
    messages.add(message("user", "Hi"));
    Map<String, @Nullable Object> answer = message("assistant", "Hello");
    answer.put("tool_calls", null);
    messages.add(answer);
    messages.add(message("user", "Bye"));
    Map<String, @Nullable Object> mapping = new LinkedHashMap<>();
    mapping.put("b", 1);
    mapping.put("a", List.of(1, "x"));
    Map<String, @Nullable Object> context = new LinkedHashMap<>();
    context.put("x", 1);
    context.put("xs", List.of(3, 1, 2));
    context.put("s", "a,b,,c");
    context.put("d", mapping);
    context.put("ms", messages);
    context.put("nothing", null);
    return context;
  }

  private static Map<String, @Nullable Object> message(String role, String content) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }
}
