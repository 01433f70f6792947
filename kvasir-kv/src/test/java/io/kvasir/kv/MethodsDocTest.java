package io.kvasir.kv;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/METHODS.md} what the records say. */
class MethodsDocTest {
  private static final Map<Role, String> QUESTIONS =
      Map.of(
          Role.SCORER, "how much does each pair matter?",
          Role.BUDGET, "how many pairs may each layer and head keep?",
          Role.MERGER, "what becomes of a dropped pair?",
          Role.CODEC, "in what form is a page of keys or values stored?",
          Role.READER, "which stored pairs does a step attend to?",
          Role.REUSE, "which pairs of an earlier request serve this one?");

  private static final Map<String, String> VERDICTS = verdicts(GoldenText.read("docs/claims.md"));

  @Test
  void methodsPageIsUpToDate() {
    GoldenText.check("docs/METHODS.md", page(Methods.builtIn().list()));
  }

  private static String page(List<MethodInfo> methods) {
    StringBuilder out =
        new StringBuilder(
            """
            # Methods

            Generated from the records of the methods; do not edit. Renew it with
            `mvn test -pl kvasir-kv -am -Dtest=MethodsDocTest -Dsurefire.failIfNoSpecifiedTests=false -Dkvasir.golden=write`.

            A plan names at most one method of each role (codecs: one per side and range of layers). `keep` and
            `every` are written like parameters of the scorer or of the budget, and belong to the whole plan.

            """);
    for (Role role : Role.values()) {
      List<MethodInfo> ofRole = methods.stream().filter(m -> m.role() == role).toList();
      out.append("## ").append(title(role)).append(": ").append(QUESTIONS.get(role)).append("\n\n");
      out.append("| method | idea |\n|---|---|\n");
      ofRole.forEach(
          m -> out.append("| [`%s`](#%s) | %s |\n".formatted(m.name(), m.name(), m.summary())));
      out.append('\n');
      ofRole.forEach(m -> out.append(section(m)));
    }
    return out.toString().stripTrailing() + "\n";
  }

  private static String title(Role role) {
    return role == Role.REUSE
        ? "Reuse"
        : role.name().charAt(0) + role.name().substring(1).toLowerCase(Locale.ROOT) + "s";
  }

  private static String section(MethodInfo method) {
    String facts =
        Stream.of(
                fact("Source", method.source()),
                fact("Computes", method.formula().isEmpty() ? "" : "`" + method.formula() + "`"),
                fact("Cost", method.cost()),
                fact("Looks at", signals(method)),
                fact("Calibrated", calibration(method)),
                fact("Differs", method.differs()),
                fact("Claims", VERDICTS.getOrDefault(method.name(), "")))
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining());
    return "### "
        + method.name()
        + "\n\n"
        + method.about()
        + "\n\n"
        + facts
        + "\n"
        + params(method.params());
  }

  private static String fact(String label, String text) {
    return text.isEmpty() ? "" : "- " + label + ": " + text + "\n";
  }

  private static String signals(MethodInfo method) {
    if (method.signals().isEmpty()) {
      return "";
    }
    return EnumSet.copyOf(method.signals()).stream()
        .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .collect(Collectors.joining(", "));
  }

  private static String calibration(MethodInfo method) {
    return method.calibrated()
        ? "once for each model: `kvasir calibrate %s --model M --text T`".formatted(method.name())
        : "";
  }

  private static String params(List<ParamInfo> params) {
    if (params.isEmpty()) {
      return "";
    }
    StringBuilder out =
        new StringBuilder("| parameter | default | takes | meaning |\n|---|---|---|---|\n");
    for (ParamInfo param : params) {
      out.append(
          "| `%s` | `%s` | %s | %s |\n"
              .formatted(param.name(), param.standard(), param.expects(), param.doc()));
    }
    return out + "\n";
  }

  /** What came out of the claims about each method; a heading names one method or some. */
  private static Map<String, String> verdicts(String claims) {
    Map<String, String> verdicts = new HashMap<>();
    for (String section : List.of(claims.split("\n## ")).stream().skip(1).toList()) {
      String heading = section.lines().findFirst().orElseThrow();
      String counts =
          Stream.of("held", "not held", "not testable here")
              .map(verdict -> count(section, verdict))
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining(", "));
      String link = heading.replace(",", "").replace(' ', '-');
      for (String name : heading.split(", ")) {
        verdicts.put(name, "%s ([which](claims.md#%s))".formatted(counts, link));
      }
    }
    return verdicts;
  }

  /** Rows of a table whose last column begins so. */
  private static String count(String section, String verdict) {
    Pattern cell = Pattern.compile("\\| " + verdict + "[^|]* \\|");
    long count = section.lines().filter(line -> cell.matcher(line).results().count() > 0).count();
    return count == 0 ? "" : count + " " + verdict;
  }
}
