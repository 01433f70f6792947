package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that would run, grow or nest without end are refused, soon and in one sentence. */
class TemplateLimitsTest {
  private static final String STEPS = "the template needs more than the limit of";
  private static final LocalDateTime NOW = LocalDateTime.parse("2025-07-04T09:08:07");
  private static final String TEXT = "a text grows beyond the limit of 16777216 characters";
  private static final String LIST = "a list grows beyond the limit of 16777216 elements";
  private static final String DEPTH = "nested more than";
  private static final String BITS = "an integer grows beyond the limit of 1024 bits";

  private static void refused(String template, String reason) {
    refused(template, TemplateLimits.DEFAULT, reason);
  }

  private static void refused(String template, TemplateLimits limits, String reason) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), // each takes well below 2 s on a machine without other work
        () ->
            assertThatThrownBy(() -> ChatTemplate.parse(template).render(Map.of(), NOW, limits))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining(reason));
  }

  private static String repeat(String body) {
    return "{% for i in range(100000) %}{% for j in range(100000) %}"
        + body
        + "{% endfor %}{% endfor %}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{% if 'aaaaaaaaaaaaaaab' in a %}{% endif %}",
        "{% if a == b %}{% endif %}",
        "{% if a | length == 1 %}{% endif %}",
        "{% if a[-1] == 'b' %}{% endif %}",
        "{% set y = a.swapcase() %}",
        "{% set y = a.split() %}",
        "{% set y = a.replace('a', '') %}",
        "{% set y = (3 ** 600) * 7 // 3 %}",
        "{% set y = (3 ** 600) | string %}",
        "{% set y = 1e-300 | round(310) %}",
        "{% set y = '%.300f' % 1e300 %}",
        "{% set y = strftime_now('%c') %}",
        "{% set y = {'k': a} | tojson %}"
      })
  void loopsThatNeverEnd(String body) {
    String texts = "{% set a = 'a' * 1000000 %}{% set b = 'a' * 1000000 %}";
    refused(texts + repeat(body), new TemplateLimits(1_000_000, 1 << 24, 450), STEPS);
  }

  @Test
  void recursionThatNeverEnds() {
    refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", DEPTH);
    refused(
        "{% macro m() %}{% call m() %}{% endcall %}{{ caller() }}{% endmacro %}{{ m() }}", DEPTH);
    refused("{% for x in [0] recursive %}{{ loop([0]) }}{% endfor %}", DEPTH);
    refused(
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        STEPS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10**9 }}",
        "{{ 'a' * 10**30 }}",
        "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{{ ('a' * 10**6).replace('a', 'b' * 10**6) }}",
        "{{ ('b' * 10**6).join(['a'] * 10**6) }}",
        "{{ 'a'.center(10**12) }}",
        "{{ '1'.zfill(10**9) }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 'a\nb' | indent(10**9) }}",
        "{{ [1] | tojson(indent=10**9) }}"
      })
  void textsThatExplode(String template) {
    refused(template, TEXT);
  }

  @Test
  void listsThatExplode() {
    refused("{{ [1] * 10**9 }}", LIST);
    refused("{{ [1] | batch(10**9, 'x') | list }}", LIST);
    refused("{{ [1] | slice(10**9) | list }}", LIST);
    refused("{% for i in range(10**9) %}{% endfor %}", "range has more than the limit of 100000");
    refused(
        "{% set n = namespace(l=[1]) %}{% for i in range(99) %}{% set n.l = n.l + n.l %}{% endfor %}",
        STEPS);
  }

  @Test
  void numbersThatExplode() {
    refused("{{ 7 ** (10 ** 9) }}", BITS);
    refused("{{ (2 ** 1000) * (2 ** 1000) }}", BITS);
    refused("{{ %s }}".formatted("9".repeat(100_000)), BITS);
    refused("{{ '%.999999f' % 1 }}", "at most 1100 are given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ n.a }}", "{{ n.a == n.b }}", "{{ n.a | tojson }}", "{{ {n.t: 1} }}"})
  void valuesThatAreTreesOfThemselves(String use) {
    String grow = "{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% set n.t = (n.t, n.t) %}";
    refused(
        "{% set n = namespace(a=[], b=[], t=()) %}{% for i in range(99) %}"
            + grow
            + "{% endfor %}"
            + use,
        "the limit of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{ n.a }}", "{{ n.a == n.b }}", "{{ n.a | tojson }}", "{{ {n.t: 1} }}"})
  void valuesThatAreDeep(String use) {
    String grow = "{% set n.a = [n.a] %}{% set n.b = [n.b] %}{% set n.t = (n.t,) %}";
    refused(
        "{% set n = namespace(a=[], b=[], t=()) %}{% for i in range(9999) %}"
            + grow
            + "{% endfor %}"
            + use,
        DEPTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{1:", "not ", "-", "x(", "x[", "x|f(", "1 if 1 else "})
  void sourcesThatAreDeep(String opening) {
    char last = opening.charAt(opening.length() - 1);
    String closing = last == '(' ? ")" : last == '[' ? "]" : last == ':' ? "}" : "";
    refused("{{ " + opening.repeat(20_000) + "1" + closing.repeat(20_000) + " }}", DEPTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+1", ".a", "|string", "[0]", " and 1", "**1"})
  void chainsThatAreLong(String link) {
    refused("{% set x = {} %}{{ x" + link.repeat(20_000) + " }}", DEPTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{% if 1 %}", "{% for x in y %}", "{% macro m() %}", "{% set x %}", "{% with %}"})
  void blocksThatAreDeep(String opening) {
    refused(opening.repeat(20_000), DEPTH);
  }

  @Test
  void everythingDeepFitsASmallStack() throws InterruptedException {
    List<String> templates =
        List.of(
            "{{ " + "(".repeat(90) + "1" + ")".repeat(90) + " }}",
            "{{ " + "[".repeat(90) + "1" + "]".repeat(90) + " }}",
            "{{ 1" + "+1".repeat(400) + " }}",
            "{{ 1" + "|string".repeat(400) + " }}",
            "{% for i in [1] %}".repeat(190) + "{% endfor %}".repeat(190),
            "{% macro m(n) %}{% if n %}{{ m(n - 1) | trim }}{% endif %}{% endmacro %}{{ m(40) }}");
    AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("did not run"));
    Runnable all =
        () -> {
          try {
            templates.forEach(template -> ChatTemplate.parse(template).render(Map.of()));
            refused(
                "{% macro m() %}{% call m() %}{% endcall %}{{ caller() }}{% endmacro %}{{ m() }}",
                DEPTH);
            thrown.set(new AssertionError("all is well"));
          } catch (Throwable t) {
            thrown.set(t);
          }
        };
    Thread thread = new Thread(null, all, "small stack", 512 * 1024);
    thread.start();
    thread.join();
    assertThat(thrown.get()).hasMessage("all is well");
  }

  @Test
  void contextsThatAreDeepOrHuge() {
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    Object context = deep;
    assertThatThrownBy(() -> ChatTemplate.parse("").render(Map.of("x", context)))
        .hasMessageContaining(DEPTH);
  }

  @Test
  void ownLimitsHold() {
    ChatTemplate template = ChatTemplate.parse("{% for i in range(9) %}ab{% endfor %}");
    assertThat(template.render(Map.of(), NOW, new TemplateLimits(1000, 18, 50))).hasSize(18);
    assertThatThrownBy(() -> template.render(Map.of(), NOW, new TemplateLimits(1000, 17, 50)))
        .hasMessage("line 1: a text grows beyond the limit of 17 characters");
    assertThatThrownBy(() -> template.render(Map.of(), NOW, new TemplateLimits(10, 100, 50)))
        .hasMessage("line 1: the template needs more than the limit of 10 steps");
    assertThatThrownBy(() -> new TemplateLimits(0, 1, 1))
        .hasMessage("template limits must be at least 1, but are steps=0, length=1, nesting=1");
  }

  @Test
  void aLongDocumentIsWithinTheLimits() {
    String document = "Ein Wort, noch ein Wörtchen. ".repeat(200_000); // 5.8 million characters
    String template =
        "{% for m in messages %}{% if '</think>' in m.content %}x{% endif %}"
            + "{{ '<|im_start|>' + m.role + '\n' + (m.content | trim) + '<|im_end|>\n' }}{% endfor %}";
    Object messages = List.of(Map.of("role", "user", "content", document));
    assertThat(ChatTemplate.parse(template).render(Map.of("messages", messages)))
        .hasSizeGreaterThan(document.length());
  }
}
