package io.kvasir.cli;

import io.kvasir.eval.task.Task;
import io.kvasir.eval.task.Tasks;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kvasir eval list}: what plans can be asked. */
@Command(
    name = "list",
    description = "Every task: name, what is asked, and what it lacks on this machine.",
    mixinStandardHelpOptions = true)
final class EvalListCommand implements Runnable {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * @param missing what this machine lacks for it
   */
  private record Listed(String name, int version, String about, Optional<String> missing) {
    static Listed of(Task task) {
      return new Listed(task.name(), task.version(), task.about(), task.missing());
    }
  }

  @Override
  public void run() {
    List<Listed> tasks = Tasks.all().stream().map(Listed::of).toList();
    if (json) {
      System.out.println(Json.pretty(tasks));
      return;
    }
    Table table = new Table("task", "what is asked");
    for (Listed task : tasks) {
      table.row(task.name, task.about + task.missing.map(why -> "; not here: " + why).orElse(""));
    }
    table.print(System.out);
    System.out.println();
    System.out.println("A context of one of them, and its questions: kvasir eval show NAME");
  }
}
