package io.kvasir.engine.template;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operators, literals, lookups and what is undefined. The expectations are jinja2's. */
class ExpressionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7.5 % -2 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}` => `5.0 3 -4 2 -0.5 64 4`
          `{{ 6 / 3 }} {{ 1 / 3 }} {{ 2 ** -1 }} {{ 10 ** 20 }} {{ 9223372036854775807 + 1 }} {{ -(10 ** 20) // 3 }}` => `2.0 0.3333333333333333 0.5 100000000000000000000 9223372036854775808 -33333333333333333334`
          `{{ 'a' ~ 1 ~ none ~ true ~ 2.0 ~ [1, 'x'] }} {{ 'n=' ~ 1 + 'x' }}` => `a1NoneTrue2.0[1, 'x'] n=1x`
          `{{ 'ab' * 2 }}{{ [1] * 2 + [2] }}{{ (1,) + (2, 3) }}{{ 'a' * -1 }}` => `abab[1, 1, 2](1, 2, 3)`
          `{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 1 == 1.0 == true }}{{ [1, 2] < [1, 3] }}{{ 'Z' < 'a' }}{{ '\\uffff' < '😀' }}` => `TrueFalseTrueTrueTrueTrue`
          `{{ 9007199254740993 == 9007199254740992.0 }}{{ {'a': 1} == {'a': 1.0} }}{{ (1, 2) == [1, 2] }}` => `FalseTrueFalse`
          `{{ 'b' in 'abc' }}{{ 'z' not in 'abc' }}{{ 'b' in d }}{{ 1 in xs }}{{ none in [none] }}{{ not 1 in xs }}` => `TrueTrueTrueTrueTrueFalse`
          `{{ x and 'y' }}{{ '' or 'z' }}{{ none or [] }}{{ 0 and x }}{{ not '' }}` => `yz[]0True`
          `{{ 'a' if x else 'b' }}{{ 'c' if not x else 'd' if x else 'e' }}[{{ 'f' if not x }}]` => `ad[]`
          `{{ true + 1 }} {{ -true }} {{ true / 2 }} {{ +1.5 }}` => `2 -1 0.5 1.5`
          """)
  void operators(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ 1_000 }} {{ 0x1F }} {{ 0b11 }} {{ 0o17 }} {{ 1e3 }} {{ 1.5e-7 }} {{ 1e16 }} {{ 123456789012345680.0 }} {{ 5e-324 }} {{ 0.1 + 0.2 }}` => `1000 31 3 15 1000.0 1.5e-07 1e+16 1.2345678901234568e+17 5e-324 0.30000000000000004`
          `{{ 'a\\'b' }}{{ "a\\"b" }}{{ 'x\\ty' }}{{ '\\x41\\u00e9\\U0001F600\\101' }}{{ '\\q' }}{{ 'a' 'b' }}` => `a'ba"bx⇥yAé😀A\\qab`
          `{{ [1, 'a', "it's", none, true, 1.0, ] }} {{ {'k': 'v', 1: (1,), 'n': {}} }} {{ () }} {{ 1, 2 }}` => `[1, 'a', "it's", None, True, 1.0] {'k': 'v', 1: (1,), 'n': {}} () (1, 2)`
          `{{ True }}{{ False }}{{ None }}{{ 'tab\\tnul\\x00é' | list }}` => `TrueFalseNone['t', 'a', 'b', '\\t', 'n', 'u', 'l', '\\x00', 'é']`
          """)
  void literals(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ d.b }}{{ d['a'][-1] }}{{ d.a.0 }}{{ ms[-1].content }}{{ (ms | first)['role'] }}` => `1x1Byesystem`
          `{{ xs[1:] }}{{ xs[:-1] }}{{ xs[-2:] }}{{ xs[::-1] }}{{ xs[::2] }}{{ xs[5:] }}{{ (1, 2, 3)[1:] }}` => `[1, 2][3, 1][1, 2][2, 1, 3][3, 2][](2, 3)`
          `{{ 'a😀b'[1] }}{{ 'a😀b'[::-1] }}{{ 'a😀b'[1:] }}{{ 'a😀b' | length }}{{ 'a😀b'.find('b') }}` => `😀b😀a😀b32`
          `[{{ missing }}][{{ d.missing }}][{{ xs[9] }}]{{ d.missing is defined }}{{ d.missing == none }}{{ missing == d.missing }}` => `[][][]FalseFalseTrue`
          `{{ {'items': [1]}['items'] }}{{ {'items': [1]}.items() | list }}{{ d.get('zz', 7) }}{{ d.get('zz') }}` => `[1][('items', [1])]7None`
          `{{ {1: 'a', true: 'b', 1.0: 'c'} }}{{ {(1, 2): 3}[(1, 2)] }}` => `{1: 'c'}3`
          """)
  void lookups(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{{ x is defined }}{{ y is defined }}{{ nothing is none }}{{ nothing is defined }}{{ x is not none }}` => `TrueFalseTrueTrueTrue`
          `{% for v in ['s', ['l'], {'m': 1}, 7, 1.5, none, true] %}{{ v is string }}{{ v is mapping }}{{ v is iterable }}{{ v is sequence }}{{ v is number }}{{ v is integer }}{{ v is float }}{{ v is boolean }} {% endfor %}` => `TrueFalseTrueTrueFalseFalseFalseFalse FalseFalseTrueTrueFalseFalseFalseFalse FalseTrueTrueTrueFalseFalseFalseFalse FalseFalseFalseFalseTrueTrueFalseFalse FalseFalseFalseFalseTrueFalseTrueFalse FalseFalseFalseFalseFalseFalseFalseFalse FalseFalseFalseFalseTrueFalseFalseTrue `
          `{{ 3 is odd }}{{ 4 is divisibleby 2 }}{{ 4 is divisibleby(3) }}{{ 'ab' is lower }}{{ x is sameas 1 }}{{ 1 is true }}{{ x is eq 1 }}{{ 2 is gt(1) }}{{ 'b' is in ['b'] }}` => `TrueTrueFalseTrueTrueFalseTrueTrueTrue`
          """)
  void tests(String template, String expected) {
    Snippets.check(template, expected);
  }
}
