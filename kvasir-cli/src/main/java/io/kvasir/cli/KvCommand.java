package io.kvasir.cli;

import io.kvasir.kv.MethodInfo;
import io.kvasir.kv.Methods;
import io.kvasir.kv.ParamInfo;
import io.kvasir.kv.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir kv list} and {@code kvasir kv show NAME}: the methods a plan can name. */
@Command(
    name = "kv",
    description = "Lists the cache methods a plan can name, or explains one.",
    mixinStandardHelpOptions = true)
final class KvCommand implements Runnable {

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  @Command(description = "Every method: role, name, what it does.", mixinStandardHelpOptions = true)
  void list(@Option(names = "--json", description = "Print JSON.") boolean json) {
    List<MethodInfo> methods = Methods.all().list();
    if (json) {
      System.out.println(Json.pretty(methods));
      return;
    }
    int width = methods.stream().mapToInt(m -> m.name().length()).max().orElse(0);
    for (Role role : Role.values()) {
      System.out.println(role.name().toLowerCase(Locale.ROOT));
      for (MethodInfo method : methods) {
        if (method.role() == role) {
          System.out.printf("  %-" + width + "s  %s%n", method.name(), method.summary());
        }
      }
    }
    System.out.println();
    System.out.println("A plan joins them: --kv \"snapkv(keep=25%) | q8\". kvasir kv show NAME");
  }

  @Command(
      description = "One method: how it works, formula, parameters, cost, source.",
      mixinStandardHelpOptions = true)
  void show(
      @Parameters(paramLabel = "NAME", description = "As in kvasir kv list.") String name,
      @Option(names = "--json", description = "Print JSON.") boolean json) {
    MethodInfo method = Methods.all().find(name);
    if (json) {
      System.out.println(Json.pretty(method));
      return;
    }
    System.out.println(method.name() + " (" + method.role().name().toLowerCase(Locale.ROOT) + ")");
    System.out.print(sections(method));
  }

  private static TextTable sections(MethodInfo method) {
    TextTable table =
        TextTable.forColumns(
            CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF),
            new Column(14, 2, Column.Overflow.SPAN),
            new Column(86, 1, Column.Overflow.WRAP));
    section(table, "", method.summary());
    section(table, "", method.about());
    section(table, "formula", method.formula());
    section(table, "source", method.source());
    section(table, "cost", method.cost());
    section(table, "differs", method.differs());
    section(
        table,
        "signals",
        method.signals().stream()
            .map(s -> s.name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .sorted()
            .collect(Collectors.joining(", ")));
    if (method.calibrated()) {
      section(table, "first", "kvasir calibrate " + method.name() + " --model M --text T");
    }
    for (ParamInfo param : method.params()) {
      section(
          table,
          param.name(),
          param.doc() + "; " + param.expects() + ", default " + param.standard());
    }
    return table;
  }

  private static void section(TextTable table, String title, String text) {
    if (!text.isEmpty()) {
      table.addRowValues(title, text);
    }
  }
}
