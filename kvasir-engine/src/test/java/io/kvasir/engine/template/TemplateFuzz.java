package io.kvasir.engine.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns any bytes into a template and renders it: nothing but a TemplateException may come out. */
public final class TemplateFuzz {
  private static final LocalDateTime NOW = LocalDateTime.parse("2025-07-04T09:08:07");
  private static final TemplateLimits LIMITS = new TemplateLimits(100_000, 100_000, 300);

  /** What real templates are made of, so that chance gets past the parser. */
  private static final List<String> FRAGMENTS = fragments();

  private TemplateFuzz() {}

  /**
   * Renders what the bytes say: after an even first byte they are the template itself, in UTF-8,
   * after an odd one each of them chooses a fragment. A refusal is a good end.
   */
  public static void render(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    try {
      ChatTemplate.parse((data[0] & 1) == 0 ? new String(rest, UTF_8) : composed(rest))
          .render(context(), NOW, LIMITS);
    } catch (TemplateException refused) {
      if (refused.getMessage() == null) {
        throw new AssertionError("a refusal says nothing", refused);
      }
    }
  }

  static String composed(byte[] choices) {
    StringBuilder template = new StringBuilder();
    for (byte choice : choices) {
      template.append(FRAGMENTS.get((choice & 0xff) % FRAGMENTS.size()));
    }
    return template.toString();
  }

  private static Map<String, @Nullable Object> context() {
    Map<String, @Nullable Object> context = new HashMap<>();
    context.put("messages", List.of(Map.of("role", "user", "content", "Hi 😀"), Map.of("n", 1.5)));
    context.put("x", 3L);
    context.put("s", " a,b\nC'ß😀 ");
    context.put("d", Map.of("a", 1L, "b", List.of(1L, 2L)));
    context.put("l", Arrays.asList(2L, "b", null, 1.5, true));
    context.put("none_value", null);
    return context;
  }

  private static List<String> fragments() {
    List<String> all = new ArrayList<>();
    String words =
        "{{ }} {{- -}} {% %} {%- -%} {%+ +%} {# #} {%if {%endif%} {%else%} {%elif {%for {%endfor%}"
            + " {%set {%endset%} {%macro {%endmacro%} {%call {%endcall%} {%filter {%endfilter%}"
            + " {%with {%endwith%} {%break%} {%continue%} {%raw%} {%endraw%} {%generation%}"
            + " {%endgeneration%} in is not and or if else recursive ( ) [ ] { } , : . | ~ + - * /"
            + " // % ** == != < <= > >= = x s d l m messages none_value loop none true false"
            + " undefined_name 0 1 -1 2 7 1.5 1e300 99999999999999999999 'a' '' 'b,c' '%s' '{}'"
            + " '%5.2f' '\\n' .items() .keys() .get('a') .split(',') .split() .strip() .rsplit('b',1)"
            + " .upper() .title() .replace('a','bb') .join(l) .format(x,s) .startswith(s)"
            + " .find('b',-1) .center(9) .append(1) .__class__ .role .content [0] [-1] [::-1] [1:]"
            + " [:x] ['a'] |length |tojson |tojson(indent=2) |list |join(',') |map('upper') |sort"
            + " |map(attribute='n') |select |selectattr('role','eq','user') |first |last |reverse"
            + " |int |float |round(1) |abs |sum |min |max |unique |groupby('n') |batch(2) |slice(2)"
            + " |default('q',true) |replace('a','b') |indent(3,true) |trim |title |capitalize"
            + " |dictsort |items |string |truncate(3) |format(x) |wordcount |e |center(7) defined"
            + " string mapping sequence odd divisibleby loop.index loop.last loop.nextitem"
            + " loop.cycle(1,2) loop(l) caller() namespace(a=1) range(5) dict(a=1) cycler(1,2)"
            + " joiner() strftime_now('%c') raise_exception('no') m(1) m(x=1) ns.a";
    Collections.addAll(all, words.split(" ", -1));
    all.addAll(
        List.of(
            " ",
            " ",
            "\n",
            "  ",
            "text",
            "{% for x in l %}",
            "{% for k, v in d.items() if v %}",
            "{% set ns = namespace(a=[]) %}",
            "{% set ns.a = ns.a + [ns.a] %}",
            "{% macro m(x, y=1) %}",
            "{% call m(1) %}",
            "{{ x",
            "{{ s",
            "{{ l",
            "{{ messages"));
    return List.copyOf(all);
  }
}
