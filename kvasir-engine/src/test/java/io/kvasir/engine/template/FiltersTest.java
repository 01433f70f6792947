package io.kvasir.engine.template;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filters, on texts, numbers, lists and mappings. The expectations are jinja2's. */
class FiltersTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ "  hello WORLD's o-k " | trim | capitalize }}|{{ "hello wORLD's o-k (x)" | title }}|{{ 'aß' | upper }}|{{ 'ÄB' | lower }}` => `Hello world's o-k|Hello World's O-K (X)|ASS|äb`
          `{{ 'xxaxx' | trim('x') }}|{{ 'aaa' | replace('a', 'b', 2) }}|{{ 'ab' | replace('', '-') }}|{{ 5 | replace(5, 6) }}` => `a|bba|-a-b-|6`
          `{{ 'a\\nb\\n\\nc' | indent }}|{{ 'a\\nb' | indent(2, true) }}|{{ 'a\\nb' | indent('> ') }}` => `a⏎    b⏎⏎    c|  a⏎  b|a⏎> b`
          `{{ '<a href="x">\\'&' | escape }}|{{ 'abc' | center(8) }}|{{ 'foo bar baz qux' | truncate(9) }}|{{ 'foo bar baz' | truncate(5, true, '') }}|{{ "it's two-fold" | wordcount }}` => `&lt;a href=&#34;x&#34;&gt;&#39;&amp;|  abc   |foo...|foo b|4`
          `{{ '%s has %05.1f%%' | format('x', 2.25) }}|{{ '%(a)s' | format(a=1) }}|{{ '%x %o %e %g' % (255, 8, 12345.678, 0.00001) }}|{{ '%5s|%-5s|' % ('ab', 'ab') }}` => `x has 002.2%|1|ff 10 1.234568e+04 1e-05|   ab|ab   |`
          """)
  void ofTexts(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ '42' | int }}{{ '4.9' | int }}{{ 'x' | int }}{{ 'x' | int(5) }}{{ '0x1F' | int(base=16) }}{{ none | int }}{{ -3.7 | int }}` => `42405310-3`
          `{{ '1.5' | float }}{{ 'x' | float }}{{ 2 | float }}{{ 'inf' | float }}` => `1.50.02.0inf`
          `{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.675 | round(2) }} {{ 2.1 | round(0, 'ceil') }} {{ 1234 | round(-2) }} {{ -5 | abs }} {{ (-5) | abs }}` => `2.0 4.0 2.67 3.0 1200 5 5`
          """)
  void ofNumbers(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ xs | sort }}{{ xs | sort(reverse=true) }}{{ ['b', 'A', 'a'] | sort }}{{ ['b', 'A', 'a'] | sort(case_sensitive=true) }}` => `[1, 2, 3][3, 2, 1]['A', 'a', 'b']['A', 'a', 'b']`
          `{{ xs | join(', ') }}|{{ ms | join('+', attribute='content') }}|{{ xs | first }}{{ xs | last }}{{ xs | length }}{{ xs | sum }}{{ xs | min }}{{ xs | max }}` => `3, 1, 2| Be brief. +Hi+Hello+Bye|323613`
          `{{ ms | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(',') }}|{{ ms | rejectattr('role', 'in', ['user', 'system']) | map(attribute='content') | list }}|{{ ms | selectattr('tool_calls', 'defined') | list | length }}` => `Hi,Bye|['Hello']|1`
          `{{ xs | select('odd') | list }}{{ xs | reject('gt', 1) | list }}{{ ['a', ''] | select | list }}{{ ['a ', ' b'] | map('trim') | list }}{{ ms | map(attribute='zz', default='-') | join }}` => `[3, 1][1]['a']['a', 'b']----`
          `{% if ms | selectattr('role', 'equalto', 'tool') %}a generator is true{% endif %}` => `a generator is true`
          `{% set g = xs | select %}{% for i in g %}{{ i }}{% endfor %}|{% for i in g %}{{ i }}{% endfor %}` => `312|`
          `{{ [1, 2, 3] | batch(2, 0) | list }}{{ [1, 2, 3] | slice(2) | list }}{{ ['a', 'A', 'b'] | unique | list }}{{ xs | reverse | list }}{{ 'abc' | reverse }}` => `[[1, 2], [3, 0]][[1, 2], [3]]['a', 'b'][2, 1, 3]cba`
          `{% for role, group in ms | groupby('role') %}{{ role }}:{{ group | length }} {% endfor %}` => `assistant:1 system:1 user:2 `
          `{{ d | items | list }}{{ d | dictsort }}{{ d | dictsort(reverse=true) }}{{ {'a': 2, 'b': 1} | dictsort(by='value') }}` => `[('b', 1), ('a', [1, 'x'])][('a', [1, 'x']), ('b', 1)][('b', 1), ('a', [1, 'x'])][('b', 1), ('a', 2)]`
          """)
  void ofLists(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ missing | default('d') }}|{{ none | default('d') }}|{{ '' | d('d', true) }}|{{ 0 | default('x', boolean=true) }}|{{ missing | d }}` => `d|None|d|x|`
          `{{ {'z': 'é😀<b>"\\\\/\\n\\x01', 'a': [1, 2.0, 1e20, true, none], 'e': {}, 'l': []} | tojson }}` => `{"z": "é😀<b>\\"\\\\/\\n\\u0001", "a": [1, 2.0, 1e+20, true, null], "e": {}, "l": []}`
          `{{ {'a': [1, {'b': []}], 'c': {}} | tojson(indent=2) }}` => `{⏎  "a": [⏎    1,⏎    {⏎      "b": []⏎    }⏎  ],⏎  "c": {}⏎}`
          `{{ {'b': 1, 'a': 'é😀'} | tojson(ensure_ascii=true, sort_keys=true, separators=(',', ':')) }}` => `{"a":"\\u00e9\\ud83d\\ude00","b":1}`
          `{{ missing | length }}{{ missing | list }}{{ missing | join }}{{ missing | upper }}{{ missing | items | list }}{{ 12 | string | length }}` => `0[][]2`
          """)
  void ofAnything(String template, String expected) {
    Snippets.check(template, expected);
  }
}
