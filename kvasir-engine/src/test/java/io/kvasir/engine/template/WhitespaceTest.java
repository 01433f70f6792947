package io.kvasir.engine.template;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How tags, signs and newlines decide about the text between them. The expectations are jinja2's.
 */
class WhitespaceTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `a  ⏎{%- if true -%}⏎  b  ⏎{%- endif -%}⏎  c` => `abc`
          `{% if x %}⏎yes⏎⏎{% endif %}⏎end` => `yes⏎⏎end`
          `  {% if x %}⏎    yes⏎  {% endif %}⏎  {{ x }}⏎  {{- x }}⏎` => `    yes⏎  11`
          `  {%+ if x %}⏎ y{% endif +%}⏎ z` => `   y⏎ z`
          `a {% if x %} b {% endif %}` => `a  b `
          `⏎{{ x }}⏎{{ x }}⏎⏎` => `⏎1⏎1⏎`
          `a⏎{# note #}⏎b {#- c -#} d⏎  {# e #}⏎f` => `a⏎bd⏎f`
          `a {#+ c +#}⏎b` => `a ⏎b`
          `a␍⏎b␍c␍⏎` => `a⏎b⏎c`
          `{% raw %}{{ x }}{% if %}{% endraw %}` => `{{ x }}{% if %}`
          `a  {%- raw -%} {{ b }} {%- endraw -%}  c` => `a{{ b }}c`
          `  {% raw %}  x⏎  {% endraw %}⏎  y` => `  x⏎  y`
          `{{ x -}}  ⏎  y` => `1y`
          `y  ⏎  {{- x }}` => `y1`
          `{{ '}}' }}{{ "%}" }}{{ {'a': {'b': 1}} }}` => `}}%}{'a': {'b': 1}}`
          `⇥ {% set y = 2 %}⏎⇥{{ y }}` => `⇥2`
          """)
  void templatesKeepAndDropWhitespaceAsTheirTagsSay(String template, String expected) {
    Snippets.check(template, expected);
  }
}
