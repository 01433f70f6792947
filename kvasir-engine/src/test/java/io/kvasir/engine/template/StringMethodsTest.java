package io.kvasir.engine.template;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The methods of texts and mappings. The expectations are jinja2's. */
class StringMethodsTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ s.split(',') }}{{ s.split(',', 1) }}{{ s.rsplit(',', 1) }}{{ ' a  b '.split() }}{{ ' a b c'.split(none, 1) }}{{ 'a b c '.rsplit(none, 1) }}` => `['a', 'b', '', 'c']['a', 'b,,c']['a,b,', 'c']['a', 'b']['a', 'b c']['a b', 'c']`
          `{{ s.partition(',') }}{{ s.rpartition('x') }}{{ 'a\\r\\nb\\n'.splitlines() }}{{ 'a\\nb'.splitlines(true) }}` => `('a', ',', 'b,,c')('', '', 'a,b,,c')['a', 'b']['a\\n', 'b']`
          `[{{ ' a '.strip() }}][{{ ' a '.lstrip() }}][{{ ' a '.rstrip() }}][{{ 'xyax'.strip('xy') }}][{{ '\\n\\na'.lstrip('\\n') }}]` => `[a][a ][ a][a][a]`
          `{{ s.startswith('a') }}{{ s.endswith(('x', 'c')) }}{{ s.startswith('b', 2) }}{{ s.removeprefix('a,') }}{{ s.removesuffix('c') }}` => `TrueTrueTrueb,,ca,b,,`
          `{{ s.find('b') }}{{ s.rfind(',') }}{{ s.find('z') }}{{ s.index('b') }}{{ s.count(',') }}{{ 'aaa'.count('') }}{{ s.replace(',', ';', 2) }}{{ ', '.join(['x', 'y']) }}` => `24-1234a;b;,cx, y`
          `{{ "they're".title() }}{{ 'aB'.upper() }}{{ 'aB'.lower() }}{{ 'aB'.swapcase() }}{{ 'hELLO wORLD'.capitalize() }}{{ 'ẞ'.casefold() }}` => `They'ReABabAbHello worldss`
          `{{ 'a'.center(4, '*') }}{{ 'a'.ljust(3, '.') }}{{ 'a'.rjust(3) }}{{ '-5'.zfill(4) }}{{ 'a\\tb'.expandtabs(4) }}` => `*a**a..  a-005a   b`
          `{{ '12'.isdigit() }}{{ '²'.isdecimal() }}{{ 'aé'.isalpha() }}{{ 'a1'.isalnum() }}{{ ' \\t'.isspace() }}{{ 'AB'.isupper() }}{{ 'ab1'.islower() }}{{ 'Ab C'.istitle() }}{{ ''.isdigit() }}` => `TrueFalseTrueTrueTrueTrueTrueTrueFalse`
          `{{ '{} {1} {a:>4}|{:.2f}|{b[0]!r}'.format(1, 2, 3.14159, a='x', b=['y']) if false else '{0} {a:>4}|{1:.2f}|{b[0]!r}|{2:05d}|{3:,}'.format(1, 3.14159, 42, 1234567, a='x', b=['y']) }}` => `1    x|3.14|'y'|00042|1,234,567`
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
          `{{ d.keys() | list }}{{ d.values() | list }}{{ d.items() | list }}{{ d.keys() }}{{ d.items() }}{{ d.copy() }}` => `['b', 'a'][1, [1, 'x']][('b', 1), ('a', [1, 'x'])]dict_keys(['b', 'a'])dict_items([('b', 1), ('a', [1, 'x'])]){'b': 1, 'a': [1, 'x']}`
          `{{ xs.index(1) }}{{ xs.count(9) }}{{ (1, 2, 1).count(1) }}{{ range(3) }}{{ range(3)[1] }}{{ 2 in range(3) }}{{ dict(a=1, b=2) }}{{ dict([('a', 1)], b=2) }}` => `102range(0, 3)1True{'a': 1, 'b': 2}{'a': 1, 'b': 2}`
          """)
  void ofMappingsAndLists(String template, String expected) {
    Snippets.check(template, expected);
  }
}
