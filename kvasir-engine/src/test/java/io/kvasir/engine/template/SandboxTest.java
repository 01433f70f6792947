package io.kvasir.engine.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What templates must not reach. */
class SandboxTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ s.__class__.__mro__ }}",
        "{{ s.__class__() }}",
        "{{ s['__class__'].x }}",
        "{{ (s | attr('__class__')).x }}",
        "{{ '{0.__class__.x}'.format(s) }}",
        "{{ xs.append(1) }}",
        "{{ xs.pop() }}",
        "{{ xs['sort']() }}",
        "{{ d.update({'z': 1}) }}",
        "{{ d.clear() }}",
        "{{ d['pop']('b') }}",
        "{{ d.setdefault('z', 1) }}"
      })
  void internalsAndChangesAreRefused(String template) {
    assertThatThrownBy(() -> Snippets.render(template))
        .isInstanceOf(TemplateException.class)
        .hasMessageMatching("line 1: access to \"\\w+\" of a \\w+ is refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"getClass", "class", "toString", "hashCode", "forName", "bytes", "stream"})
  void javaMembersDoNotExist(String name) {
    for (String value :
        new String[] {"s", "xs", "d", "x", "ms", "namespace()", "range", "s.upper"}) {
      assertThat(Snippets.render("{{ (%s).%s is defined }}".formatted(value, name)))
          .as(value)
          .isEqualTo("False");
    }
  }

  @Test
  void aKeyThatLooksLikeAnInternalNameIsNoWayIn() {
    assertThat(Snippets.render("{{ {'__class__': 1}['__class__'] }}{{ {'_x': 2}._x }}"))
        .isEqualTo("12");
  }
}
