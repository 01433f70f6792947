package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.cli.demo.DemoPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("kvasir.root"));

  @Test
  void itsJavaIsTheExampleThatIsCompiledAndRun() throws IOException {
    String example =
        Files.readString(
            ROOT.resolve("kvasir-engine/src/test/java/io/kvasir/engine/ReadmeExample.java"));
    String snippet = group("(?s)```java\n(.*?)```", readme()).getFirst();
    assertThat(example).contains(snippet.indent(4));
  }

  @Test
  void itsTableNamesThePlansOfTheDemo() throws IOException {
    assertThat(group("(?m)^\\| `(.*?)` \\|", readme().replace("\\|", "|")))
        .isEqualTo(DemoPlan.comparison(List.of()).stream().map(DemoPlan::name).toList());
  }

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    assertThat(group("\\]\\(([^)]+)\\)", readme()))
        .isNotEmpty()
        .allMatch(link -> Files.exists(ROOT.resolve(link)));
  }

  @Test
  void itsCommandsExist() throws IOException {
    assertThat(group("(?m)^ +\\./kvasir ([a-z]+)", readme()))
        .isNotEmpty()
        .allMatch(
            command ->
                command.equals("test") // the launcher's own
                    || Main.commandLine().getSubcommands().containsKey(command));
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> group(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map((MatchResult m) -> m.group(1))
        .toList();
  }
}
