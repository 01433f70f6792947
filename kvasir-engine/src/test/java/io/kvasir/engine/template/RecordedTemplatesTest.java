package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kvasir.engine.References;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What jinja2 rendered, or refused, for templates of real models and for small snippets. */
class RecordedTemplatesTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicNode> templatesOfRealModelsRenderAsRecorded() {
    return stream(recorded().get("templates"))
        .map(
            model ->
                dynamicContainer(
                    model.get("model").asString(),
                    stream(model.get("cases"))
                        .map(
                            one ->
                                dynamicTest(
                                    one.get("description").asString(),
                                    () -> check(model.get("template").asString(), one)))));
  }

  @TestFactory
  Stream<DynamicNode> snippetsRenderAsRecorded() {
    return stream(recorded().get("micro_cases"))
        .map(
            one ->
                dynamicTest(
                    one.get("name").asString(), () -> check(one.get("template").asString(), one)));
  }

  private static void check(String template, JsonNode recorded) {
    JsonNode error = recorded.get("error");
    if (error == null) {
      assertThat(render(template, recorded)).isEqualTo(recorded.get("expected").asString());
      return;
    }
    TemplateException refused =
        catchThrowableOfType(TemplateException.class, () -> render(template, recorded));
    assertThat(refused).isNotNull();
    boolean raised = error.get("kind").asString().equals("raised");
    assertThat(refused.raised()).isEqualTo(raised);
    if (raised) {
      assertThat(refused).hasMessage(error.get("message").asString());
    }
  }

  private static String render(String template, JsonNode recorded) {
    JsonNode now = recorded.get("now");
    return ChatTemplate.parse(template)
        .render(
            context(recorded.get("context")),
            LocalDateTime.parse(now == null ? "2020-01-02T03:04:05" : now.asString()));
  }

  private static JsonNode recorded() {
    return JSON.readTree(References.require("chat-templates.json"));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Map<String, Object> context(JsonNode object) {
    Map<String, Object> context = new LinkedHashMap<>();
    object
        .propertyStream()
        .forEach(
            variable ->
                context.put(
                    variable.getKey(), JSON.treeToValue(variable.getValue(), Object.class)));
    return context;
  }
}
