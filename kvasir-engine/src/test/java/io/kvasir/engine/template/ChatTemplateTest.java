package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller may rely on: contexts, the clock, errors, reuse from many threads. */
class ChatTemplateTest {
  private static final LocalDateTime NOON = LocalDateTime.parse("2024-02-29T12:05:09.000123");

  private static String render(String template, Map<String, Object> context) {
    return ChatTemplate.parse(template).render(context, NOON);
  }

  @Test
  void nullIsNoneAndAbsenceIsUndefined() {
    String template = "{{ x is none }}{{ x is defined }}{{ y is none }}{{ y is defined }}";
    assertThat(ChatTemplate.parse(template).render(Collections.singletonMap("x", null)))
        .isEqualTo("TrueTrueFalseFalse");
  }

  @Test
  void numbersKeepTheirKind() {
    Map<String, Object> context =
        Map.of(
            "n", Arrays.asList(1, 1L, (short) 1, 1.0, 1f, new BigInteger("18446744073709551615")));
    assertThat(render("{{ n | tojson }}", context))
        .isEqualTo("[1, 1, 1, 1.0, 1.0, 18446744073709551615]");
  }

  @Test
  void theClockIsTheOneGiven() {
    assertThat(render("{{ strftime_now('%Y-%m-%d %H:%M:%S.%f %j %A %d %b %-I%p %%') }}", Map.of()))
        .isEqualTo("2024-02-29 12:05:09.000123 060 Thursday 29 Feb 12PM %");
  }

  @Test
  void contextVariablesHideGlobalFunctions() {
    assertThat(render("{{ range }}", Map.of("range", "mine"))).isEqualTo("mine");
  }

  @Test
  void objectsOtherThanPlainDataAreRefused() {
    assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new StringBuilder("a").getClass())))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "a context holds maps, lists, strings, numbers, booleans and null, but not"
                + " java.lang.Class");
    assertThatThrownBy(() -> render("", Map.of("x", Map.of(1, 2))))
        .hasMessage("the keys of a context's maps must be strings");
  }

  @Test
  void theTemplatesOwnRefusalComesVerbatim() {
    assertThatThrownBy(() -> render("\n{{ raise_exception('Roles: ' ~ 1) }}", Map.of()))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.raised()).isTrue())
        .hasMessage("Roles: 1");
  }

  @Test
  void nothingIsRenderedAtLoad() {
    ChatTemplate.parse("{{ raise_exception('too early') }}{{ 'a' * 10**9 }}{{ 1 / 0 }}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ 1 + }}` => `line 1: an expression was expected, but "}}" stands here`
          `⏎⏎{% if x %}` => `line 3: {% elif or else or endif %} was expected, but the end of the template stands here`
          `{% for x in %}` => `line 1: an expression was expected, but "%}" stands here`
          `{% endif %}` => `line 1: the tag {% endif %} is unknown here`
          `⏎{% include 'a' %}` => `line 2: {% include %} needs other templates, but a chat template stands alone`
          `{% break %}` => `line 1: {% break %} stands outside a loop`
          `{{ 'abc }}` => `line 1: a string begins here and never ends`
          `a⏎{# b` => `line 2: a comment begins here and never ends`
          `{% raw %}` => `line 1: a raw block begins here and never ends`
          `{{ x` => `line 1: a tag begins here and never ends`
          `{{ (1] }}` => `line 1: "]" closes nothing`
          `{{ a ? b }}` => `line 1: the character "?" means nothing in a tag`
          `{% set true = 1 %}` => `line 1: "true" cannot be assigned to`
          `{{ f(a=1, 2) }}` => `line 1: an argument without a name stands after one with a name or *`
          `{% macro m(a=1, b) %}{% endmacro %}` => `line 1: the parameter "b" needs a default too`
          `{% call 1 %}{% endcall %}` => `line 1: {% call %} needs a call, for example {% call box() %}`
          """)
  void aTextThatIsNoTemplateIsRefusedWithItsLine(String template, String message) {
    assertThatThrownBy(() -> ChatTemplate.parse(template.replace('⏎', '\n')))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.raised()).isFalse())
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ 'a' + 1 }}` => `line 1: "+" does not work between a str and an int`
          `{{ 1 < 'a' }}` => `line 1: "<" does not work between an int and a str`
          `⏎⏎{{ d.no.deeper }}` => `line 3: a dict has no attribute "no"`
          `{{ missing.x }}` => `line 1: "missing" is undefined`
          `{{ missing() }}` => `line 1: "missing" is undefined`
          `{{ x() }}` => `line 1: an int cannot be called`
          `{{ x | nope }}` => `line 1: there is no filter "nope"`
          `{{ x is nope }}` => `line 1: there is no test "nope"`
          `{{ 1 / 0 }}` => `line 1: a number is divided by zero`
          `{% for i in 5 %}{% endfor %}` => `line 1: an int is not iterable`
          `{% set a, b = [1] %}` => `line 1: 1 values cannot be assigned to 2 names`
          `{% set d.a = 1 %}` => `line 1: "d" is no namespace, so "a" of it cannot be set`
          `{{ ','.join(xs) }}` => `line 1: join needs strings, but finds an int`
          `{{ 'a'.split('') }}` => `line 1: split: the separator is empty`
          `{{ s.center('x') }}` => `line 1: center: the argument "width" must be an integer, but is a str`
          `{{ s.upper(1) }}` => `line 1: upper takes at most 0 arguments, but 1 are given`
          `{{ missing | tojson }}` => `line 1: an Undefined cannot be written as JSON`
          `{{ '%d' % 'x' }}` => `line 1: %d needs a number, but is given a str`
          `{{ '%s %s' % 1 }}` => `line 1: %: the format has more conversions than there are values`
          `{% macro m() %}⏎{% set y = 1 + none %}{% endmacro %}⏎{{ m() }}` => `line 2: "+" does not work between an int and none`
          `{% macro m() %}{% endmacro %}{{ m(k=1) }}` => `line 1: the macro "m" takes no argument "k"`
          `{{ 'a' | int(base=99) }}` => `line 1: int: base=99 must be 0 or from 2 to 36`
          """)
  void whatGoesWrongIsSaidInOneSentence(String template, String message) {
    assertThatThrownBy(() -> Snippets.render(template.replace('⏎', '\n')))
        .isInstanceOf(TemplateException.class)
        .hasMessage(message);
  }

  @Test
  void theContextStaysAsItWas() {
    List<Object> list = new ArrayList<>(List.of(2, 1));
    render("{{ x | sort }}{% set x = x + [3] %}{{ x }}", Map.of("x", list));
    assertThat(list).containsExactly(2, 1);
  }

  @Test
  void oneTemplateServesManyThreads() {
    ChatTemplate template =
        ChatTemplate.parse(
            "{% set ns = namespace(n=0) %}{% for i in range(x) %}{% set ns.n = ns.n + i %}"
                + "{% endfor %}{{ ns.n }}");
    List<String> sums =
        IntStream.range(0, 200).parallel().mapToObj(x -> template.render(Map.of("x", x))).toList();
    for (int x = 0; x < 200; x++) {
      assertThat(sums.get(x)).isEqualTo(Integer.toString(x * (x - 1) / 2));
    }
  }
}
