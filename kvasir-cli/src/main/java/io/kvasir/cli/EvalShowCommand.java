package io.kvasir.cli;

import io.kvasir.engine.ModelFile;
import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Item;
import io.kvasir.eval.task.Protocol;
import io.kvasir.eval.task.Question;
import io.kvasir.eval.task.Recipe;
import io.kvasir.eval.task.Task;
import io.kvasir.eval.task.Tasks;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kvasir eval show TASK}: one context of a task, as a model would read it. */
@Command(
    name = "show",
    description = "One context of a task, its questions, and what is right.",
    mixinStandardHelpOptions = true)
final class EvalShowCommand implements Runnable {
  @Mixin private ModelName model = new ModelName();
  @Mixin private CorpusArgument text = new CorpusArgument();

  @Parameters(paramLabel = "TASK", description = "As in kvasir eval list; vt(hops=2), for example.")
  private String task = "";

  @Option(
      names = "--ctx",
      paramLabel = "N",
      converter = TokenCount.class,
      description = "Tokens, question and answer included: 512, 2k. Default ${DEFAULT-VALUE}.",
      defaultValue = "1k")
  private int ctx = 1024;

  @Option(names = "--seed", paramLabel = "S", description = "Another one makes other contexts.")
  private long seed = 1;

  @Option(names = "--number", paramLabel = "N", description = "Which context; the first is 0.")
  private int number;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public void run() {
    List<Task> named = Tasks.parse(task);
    if (named.size() != 1) {
      throw new UsageException("%s names %d tasks; expected one".formatted(task, named.size()));
    }
    Task one = named.getFirst();
    one.missing()
        .ifPresent(
            why -> {
              throw new InputException(one.name() + " cannot be made here: " + why);
            });
    if (number < 0) {
      throw new UsageException("number=" + number + " must be 0 or more");
    }
    Item item;
    try (ModelFile file = ModelFile.open(model.file())) {
      item =
          one.item(
              new Recipe(
                  seed,
                  ctx,
                  number,
                  Protocol.BLIND,
                  0,
                  counted -> file.tokenizer().encode(counted, false).length,
                  text.corpus()));
    }
    if (json) {
      System.out.println(Json.pretty(item));
    } else {
      print(one, item);
    }
  }

  private static void print(Task task, Item item) {
    System.out.println(task.name() + ": " + task.about());
    System.out.println();
    System.out.println(Terminal.shown(item.context()));
    for (int q = 0; q < item.questions().size(); q++) {
      Question question = item.questions().get(q);
      System.out.println();
      line("question " + (q + 1), question.text());
      line("prefix", question.prefix());
      line("answer", question.answer());
      line("gold", String.join(" | ", question.gold()));
      line("candidates", String.join(" |", question.candidates()));
      line("score", question.metric().toString());
    }
  }

  private static void line(String title, String content) {
    if (!content.isBlank()) {
      System.out.printf("  %-11s %s%n", title, Terminal.line(content.strip()));
    }
  }
}
