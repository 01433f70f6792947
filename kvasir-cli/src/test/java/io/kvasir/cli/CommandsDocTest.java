package io.kvasir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvasir.engine.References;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code docs/commands.md} has a section for every command, and in it every option; {@code kvasir
 * --help} has a line for every command.
 */
class CommandsDocTest {
  @TestFactory
  Stream<DynamicTest> everyCommandHasASectionWithItsOptions() throws IOException {
    String page = Files.readString(References.root().resolve("docs/commands.md"));
    return Main.commandLine().getSubcommands().values().stream()
        .filter(command -> !command.getCommandName().equals("help"))
        .map(
            command ->
                DynamicTest.dynamicTest(command.getCommandName(), () -> check(command, page)));
  }

  @Test
  void everySummaryIsOneSentenceOnOneLine() {
    Map<String, CommandLine> commands = new HashMap<>(Main.commandLine().getSubcommands());
    assertThat(commands.remove("help")).isNotNull(); // picocli's own
    commands.forEach(
        (name, command) ->
            assertThat(Main.commandLine().getUsageMessage().lines())
                .as(name)
                .anyMatch(
                    line ->
                        line.strip().startsWith(name + " ")
                            && line.endsWith(" " + summary(command))
                            && line.endsWith(".")));
  }

  private static String summary(CommandLine command) {
    return command.getCommandSpec().usageMessage().description()[0];
  }

  private static void check(CommandLine command, String page) {
    String title = "\n## " + command.getCommandName() + "\n";
    assertThat(page).contains(title);
    String rest = page.substring(page.indexOf(title) + title.length());
    String section = rest.split("\n## ", 2)[0];
    String common = page.split("\n## ", 2)[0]; // what holds everywhere is said once, on top
    String text = section + shared(page, section) + common;
    assertThat(options(command)).allSatisfy(option -> assertThat(text).containsPattern(option));
  }

  /** Options that several commands share have sections of their own; a command's names them. */
  private static String shared(String page, String section) {
    return Stream.of(page.split("\n##+ "))
        .filter(other -> section.contains("](#" + anchor(other) + ")"))
        .reduce("", String::concat);
  }

  private static String anchor(String section) {
    return section.lines().findFirst().orElse("").toLowerCase(Locale.ROOT).replace(' ', '-');
  }

  /** The options of a command and its subcommands, each as a pattern: one of its names. */
  private static List<String> options(CommandLine command) {
    return Stream.concat(Stream.of(command), command.getSubcommands().values().stream())
        .flatMap(c -> c.getCommandSpec().options().stream())
        .map(OptionSpec::names)
        .map(names -> "(?<![-\\w])(" + String.join("|", names) + ")(?![-\\w])")
        .distinct()
        .toList();
  }
}
