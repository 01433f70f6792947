package io.kvasir.eval.report;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plans that are one plan at several settings: their texts differ in the value of one argument,
 * written {@code *} in the family's name. A plan of two arguments may belong to two families.
 */
final class Families {
  private static final Pattern ARGUMENT = Pattern.compile("([a-z][a-z0-9_-]*=)([^,()|=]+)");

  private Families() {}

  /**
   * @param texts canonical, by digest
   * @return digests by the family's name; families of one are left out
   */
  static Map<String, List<String>> of(Map<String, String> texts) {
    Map<String, Set<String>> families = new LinkedHashMap<>();
    texts.forEach(
        (sha, text) -> {
          Matcher argument = ARGUMENT.matcher(text);
          while (argument.find()) {
            String name =
                text.substring(0, argument.start(2)) + "*" + text.substring(argument.end(2));
            families.computeIfAbsent(name, family -> new LinkedHashSet<>()).add(sha);
          }
        });
    Map<String, List<String>> several = new LinkedHashMap<>();
    families.forEach(
        (name, members) -> {
          if (members.size() > 1) {
            several.put(name, List.copyOf(members));
          }
        });
    return several;
  }
}
