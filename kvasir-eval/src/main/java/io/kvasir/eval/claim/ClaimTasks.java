package io.kvasir.eval.claim;

import io.kvasir.eval.InputException;
import io.kvasir.eval.task.Task;
import io.kvasir.eval.task.Tasks;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which tasks a claim is about. */
final class ClaimTasks {
  /**
   * What {@code tasks: lookup} stands for: contexts in which something stands that is asked for.
   */
  private static final String LOOKUPS = "niah-*,passkey,kv,vt,code-find,code-const";

  private ClaimTasks() {}

  /**
   * The tasks that this machine can make.
   *
   * @param written names, as the entry has them; none: what its metrics are measured on
   * @param of what those are measured on
   */
  static List<Task> of(List<Yaml> written, Set<Metric.Of> of) {
    if (written.isEmpty()) {
      String standard = standard(of);
      return standard.isEmpty() ? List.of() : here(Tasks.parse(standard));
    }
    Yaml first = written.getFirst();
    List<Task> tasks = named(written);
    long texts = tasks.stream().filter(Task::continues).count();
    for (Metric.Of one : of) {
      boolean fits =
          switch (one) {
            case LOOKUPS -> texts == 0;
            case TEXTS -> texts == tasks.size();
            case EITHER -> texts == 0 || texts == tasks.size();
            case COSTS -> false;
          };
      if (!fits) {
        throw first.refused(
            switch (one) {
              case LOOKUPS -> "score and r are measured on lookups; expected no text or gen";
              case TEXTS -> "kl and top1 are measured on text and gen; expected no other task";
              case EITHER -> "lookups stand beside text or gen; expected one kind of task";
              case COSTS -> "cost is measured without a task; expected none";
            });
      }
    }
    return here(tasks);
  }

  private static List<Task> named(List<Yaml> written) {
    String names =
        written.stream()
            .map(Yaml::text)
            .map(name -> name.equals("lookup") ? LOOKUPS : name)
            .collect(Collectors.joining(","));
    try {
      return Tasks.parse(names);
    } catch (InputException e) {
      throw written.getFirst().refused(String.valueOf(e.getMessage()));
    }
  }

  private static String standard(Set<Metric.Of> of) {
    if (of.contains(Metric.Of.LOOKUPS)) {
      return LOOKUPS;
    }
    return of.contains(Metric.Of.TEXTS) || of.contains(Metric.Of.EITHER) ? "text" : "";
  }

  private static List<Task> here(List<Task> tasks) {
    return tasks.stream().filter(task -> task.missing().isEmpty()).toList();
  }
}
