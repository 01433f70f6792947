package io.kvasir.engine.template;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops, variables, macros and the other tags. The expectations are jinja2's. */
class StatementsTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{% for i in xs %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}` => `1032TrueFalse3 2121FalseFalse3 3210FalseTrue3 `
          `{% for i in xs %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }}{{ loop.cycle('.', '!') }}{% endfor %}` => `<3>1.3<1>2!1<2>.`
          `{% for i in xs %}{{ loop.changed(i > 1) }} {% endfor %}` => `True True True `
          `{% for m in ms if m.role == 'user' %}{{ loop.index }}{{ m.content }}{{ loop.last }}{% endfor %}` => `1HiFalse2ByeTrue`
          `{% for m in ms if m.role == 'tool' %}{{ m }}{% else %}none{% endfor %}` => `none`
          `{% for i in missing %}{{ i }}{% else %}none{% endfor %}` => `none`
          `{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}` => `b=1;a=[1, 'x'];ba`
          `{% for a, (b, c) in [[1, [2, 3]], (4, 'xy')] %}{{ a }}{{ b }}{{ c }}{% endfor %}` => `1234xy`
          `{% for c in 'a😀' %}<{{ c }}>{% endfor %}` => `<a><😀>`
          `{% for i in xs %}{% if i == 1 %}{% continue %}{% endif %}{{ i }}{% endfor %}|{% for i in xs %}{% if i == 1 %}{% break %}{% endif %}{{ i }}{% endfor %}` => `32|3`
          `{% for i in xs %}{% break %}{% else %}a loop that ends in its first turn{% endfor %}` => `a loop that ends in its first turn`
          `{% for i in xs %}{% set outer = loop %}{% for j in xs %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}` => `11 12 13 21 22 23 31 32 33 `
          `{% for n in [{'v': 1, 'c': [{'v': 2, 'c': []}]}] recursive %}{{ n.v }}@{{ loop.depth }}({{ loop(n.c) }}){% endfor %}` => `1@1(2@2())`
          `{% set ns = namespace(n=0) %}{% for i in xs if ns.n < 2 %}{% set ns.n = ns.n + 1 %}{{ i }}{% endfor %}` => `31`
          `{% for m in ms | reverse %}{{ m.content }}{{ loop.length }} {% endfor %}` => `Bye4 Hello4 Hi4  Be brief. 4 `
          `{% for i in range(3) %}{{ i }}{% endfor %}{% for i in range(5, 0, -2) %}{{ i }}{% endfor %}` => `012531`
          """)
  void loops(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{% set n = 0 %}{% for i in xs %}{% set n = n + i %}{{ n }},{% endfor %}{{ n }}` => `3,1,2,0`
          `{% if true %}{% set a = 1 %}{% endif %}{% for i in [1] %}{% set b = 1 %}{% endfor %}{{ a is defined }}{{ b is defined }}` => `TrueFalse`
          `{% set ns = namespace(n=1, l=[]) %}{% for i in xs %}{% set ns.n = ns.n + i %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.n }}{{ ns.l }}{{ ns.m is defined }}` => `7[3, 1, 2]False`
          `{% set a, b = 1, 'z' %}{{ b }}{{ a }}{% set c = 1, %}{{ c }}` => `z1(1,)`
          `{% set y %} in {{ x }} {% endset %}[{{ y }}]{% set y | trim | upper %} up {% endset %}[{{ y }}]` => `[ in 1 ][UP]`
          `{% with a = 1, b = x %}{% set x = 5 %}{{ a }}{{ b }}{{ x }}{% endwith %}{{ x }}{{ a is defined }}` => `1151False`
          `{% set y %}{% set z = 1 %}{% endset %}{{ z is defined }}` => `False`
          `{% set range = 5 %}{{ range }}` => `5`
          `{% if x is not defined %}1{% elif x == 2 %}2{% elif x %}3{% else %}4{% endif %}` => `3`
          """)
  void variablesAndTheirScopes(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{% macro turn(role, text='-', end='.') %}<{{ role }}>{{ text }}{{ end }}{% endmacro %}{{ turn('user', 'Hi') }}{{ turn('bot', end='!') }}{{ turn(text='x', role='y') }}` => `<user>Hi.<bot>-!<y>x.`
          `{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(*[3]) }}{{ m(**{'a': 4}) }}[{{ m() }}]` => `11123344[]`
          `{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, k=3) }}` => `1(2,){'k': 3}`
          `{% macro m(n) %}{{ n }}{% if n > 0 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}` => `3210`
          `{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}later{% endmacro %}{{ a() }}` => `later`
          `{% macro m() %}{{ x }}{{ i is defined }}{% endmacro %}{% for i in [1] %}{{ m() }}{% endfor %}` => `1False`
          `{% macro box() %}[{{ caller() }}]{% endmacro %}{% call box() %}in {{ x }}{% endcall %}` => `[in 1]`
          `{% macro each(l) %}{% for i in l %}{{ caller(i, loop.index) }}{% endfor %}{% endmacro %}{% call(i, n=0) each(xs) %}{{ n }}:{{ i }} {% endcall %}` => `1:3 2:1 3:2 `
          `{% macro m() %}{{ 'called' if caller else 'plain' }}{% endmacro %}{{ m() }}{% call m() %}{% endcall %}` => `plaincalled`
          `{% macro m(a, b=1) %}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m is callable }}` => `m('a', 'b')True`
          """)
  void macrosAndCallBlocks(String template, String expected) {
    Snippets.check(template, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      textBlock =
          """
          `{% filter upper | replace('A', 'o') %}abc{{ x }}{% endfilter %}` => `oBC1`
          `{% generation %}{% set z = 1 %}{{ z }}{% endgeneration %}{{ z is defined }}` => `1False`
          `{% block title %}{{ x }}{% endblock %}{% block b %}{% endblock b %}` => `1`
          `{% print x, 'a' %}` => `1a`
          `{% set j = joiner('; ') %}{% for i in xs %}{{ j() }}{{ i }}{% endfor %}` => `3; 1; 2`
          `{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}` => `abab`
          """)
  void otherTags(String template, String expected) {
    Snippets.check(template, expected);
  }
}
